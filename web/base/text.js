/**
 * Sentences with places to fill. The table of one language comes from the server; no sentence stands in a module.
 *
 * @typedef {Readonly<Record<string, string>>} TextTable sentences by key, in the reader's language
 */

/**
 * The sentence of that key with `{name}` replaced by the value of that name.
 * A key without a sentence is shown as it is, so that it is seen and mended.
 *
 * Chinese sentences have spaces around a name, as most names are Latin; around a Chinese one there is none, unless
 * the space is one that does not break, between a thing and its name.
 * @param {TextTable} text
 * @param {string} key
 * @param {Readonly<Record<string, string | number>>} [values]
 * @returns {string}
 */
export function say(text, key, values = {}) {
  const sentence = text[key] ?? key;
  return sentence.replace(/( ?)\{(\w+)\}( ?)/g, (place, before, name, after, at) => {
    const value = values[name];
    if (value === undefined) return place;
    const words = String(value);
    const joins = (/** @type {string} */ space, /** @type {string | undefined} */ one, /** @type {string | undefined} */ other) => (isHan(one) && isHan(other) ? "" : space);
    return joins(before, sentence[at - 1], words[0]) + words + joins(after, words.at(-1), sentence[at + place.length]);
  });
}

/** @param {string | undefined} letter */
function isHan(letter) {
  return letter !== undefined && letter >= "\u4e00" && letter <= "\u9fff";
}
