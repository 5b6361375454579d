/**
 * What an embed and the page around it say to each other, by `postMessage`; version 1, kept for ever.
 *
 * Each message is `{src: "process-playground", v: 1, type, …}`. Times are seconds of the run. The embed tells
 *
 * - `ready`: `scenario`, `lang`; once, when it can be spoken to
 * - `resize`: `height` of what it shows, in CSS pixels
 * - `state`: `state` of the run, `mode` (`replay`, `live`, `finished`, `empty`), `playing`, `t`, `end`
 * - `event`: the event at the moment one looks at: `seq`, `t`, `kind`, `pid`, `sentence`
 * - `seek`: `t` that the reader has gone to
 * - `theme`, `lang`: what it took on
 *
 * and hears `seek` (`t`, or `event`: a `seq`), `play`, `pause`, `theme` (`theme`: `auto` `light` `dark`, `font`: pixels),
 * `lang` (`lang`: `zh` `en` `auto`). All else, and what comes from any window but the one around it, is left alone.
 * What is told is no secret: the log of a run that anybody may read.
 */

/**
 * @typedef {object} Deeds what the page around may wish
 * @property {(to: { t: number } | { event: number }) => void} seek
 * @property {() => void} play
 * @property {() => void} pause
 * @property {(theme: "auto" | "light" | "dark" | null, font: number | null) => void} theme
 * @property {(lang: "zh" | "en" | "auto") => void} lang
 */

const SRC = "process-playground";
const VERSION = 1;
const THEMES = ["auto", "light", "dark"];
const LANGS = ["zh", "en", "auto"];
/** The letters of a page around, in pixels, within what can be read and fits. */
const FONT = { least: 11, most: 26 };

/**
 * Says something to the page around, if there is one.
 * @param {"ready" | "resize" | "state" | "seek" | "event" | "theme" | "lang"} type
 * @param {Readonly<Record<string, unknown>>} [more]
 */
export function tell(type, more = {}) {
  if (window.parent !== window) window.parent.postMessage({ src: SRC, v: VERSION, type, ...more }, "*");
}

/** Hears the page around. @param {Deeds} deeds */
export function hear(deeds) {
  addEventListener("message", ({ source, data }) => {
    if (window.parent === window || source !== window.parent) return;
    if (typeof data !== "object" || data === null || data.src !== SRC || data.v !== VERSION) return;
    obey(deeds, data);
  });
}

/**
 * @param {Deeds} deeds
 * @param {Record<string, unknown>} message of any content
 */
function obey(deeds, { type, t, event, theme, font, lang }) {
  if (type === "play") deeds.play();
  else if (type === "pause") deeds.pause();
  else if (type === "seek" && isCount(event)) deeds.seek({ event });
  else if (type === "seek" && isNumber(t) && t >= 0) deeds.seek({ t });
  else if (type === "lang" && isOne(lang, LANGS)) deeds.lang(/** @type {any} */ (lang));
  else if (type === "theme") {
    const size = isNumber(font) ? Math.min(Math.max(font, FONT.least), FONT.most) : null;
    const wished = isOne(theme, THEMES) ? /** @type {any} */ (theme) : null;
    if (size !== null || wished !== null) deeds.theme(wished, size);
  }
}

/** @param {unknown} value @returns {value is number} */
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** @param {unknown} value @returns {value is number} */
function isCount(value) {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** @param {unknown} value @param {readonly string[]} words */
function isOne(value, words) {
  return typeof value === "string" && words.includes(value);
}
