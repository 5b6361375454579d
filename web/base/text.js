/**
 * Sentences with places to fill. The table of one language comes from the server; no sentence stands in a module.
 *
 * @typedef {Readonly<Record<string, string>>} TextTable sentences by key, in the reader's language
 */

/**
 * The sentence of that key with `{name}` replaced by the value of that name.
 * A key without a sentence is shown as it is, so that it is seen and mended.
 * @param {TextTable} text
 * @param {string} key
 * @param {Readonly<Record<string, string | number>>} [values]
 * @returns {string}
 */
export function say(text, key, values = {}) {
  const sentence = text[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}
