/**
 * What every page has around its content: the theme switch, the language link, the boot data.
 *
 * How it works: the theme is the media of the dark sheet (see theme.js). Whoever paints with colours from the style,
 * as the timeline does, listens for `themechange` on the document.
 *
 * @import { Card, JsonValue } from "../protocol.js"
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";

/**
 * What the server says to the page.
 * @typedef {object} Boot
 * @property {"zh" | "en"} lang
 * @property {TextTable} text
 * @property {Card} [card]
 * @property {Record<string, JsonValue>} [params] from the address, all valid
 * @property {Record<string, string>} [faults] from the address, one sentence a parameter
 * @property {boolean} [recorded] whether the page begins with the scenario's recorded run
 * @property {{ id: string, scenario: string, finished: boolean } | null} [run]
 * @property {boolean} [png] whether the server can draw pictures in pixels in this language
 */

/** Paper is always light. */
const MEDIA = { auto: "screen and (prefers-color-scheme: dark)", light: "not all", dark: "screen" };
const NEXT = /** @type {const} */ ({ auto: "dark", dark: "light", light: "auto" });

/** @returns {Boot} */
export function readBoot() {
  return JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
}

/**
 * Sentences that do not come with the page, but with the part of it that says them.
 * @param {string} name the table
 * @param {"zh" | "en"} lang
 * @returns {Promise<TextTable>}
 */
export async function readSentences(name, lang) {
  const answer = await fetch(new URL(`../text/${name}.json`, import.meta.url));
  const table = /** @type {Record<string, { zh: string, en: string }>} */ (await answer.json());
  return Object.fromEntries(Object.entries(table).map(([key, both]) => [key, both[lang]]));
}

/**
 * Makes the switch for the theme work.
 * @param {TextTable} text
 */
export function startFrame(text) {
  const button = document.getElementById("theme");
  const sheet = document.getElementById("dark");
  if (!(button instanceof HTMLButtonElement) || !(sheet instanceof HTMLLinkElement)) return;
  const tell = () => label(button, text, themeOf(sheet));
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = NEXT[themeOf(sheet)];
    sheet.media = MEDIA[theme];
    keep(theme);
    tell();
    document.dispatchEvent(new Event("themechange"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("themechange")));
  lightenPaper(sheet);
  tell();
}

/**
 * The dark sheet is for screens only, but what is painted was painted with its colours: for paper, once more without.
 * @param {HTMLLinkElement} sheet
 */
function lightenPaper(sheet) {
  let media = sheet.media;
  addEventListener("beforeprint", () => {
    media = sheet.media;
    sheet.media = MEDIA.light;
    document.dispatchEvent(new Event("themechange"));
  });
  addEventListener("afterprint", () => {
    sheet.media = media;
    document.dispatchEvent(new Event("themechange"));
  });
}

/**
 * @param {HTMLLinkElement} sheet
 * @returns {keyof typeof MEDIA}
 */
function themeOf(sheet) {
  if (sheet.media === MEDIA.light) return "light";
  return sheet.media === MEDIA.dark ? "dark" : "auto";
}

/**
 * @param {HTMLButtonElement} button
 * @param {TextTable} text
 * @param {string} theme
 */
function label(button, text, theme) {
  const sentence = say(text, "theme.switch", { theme: say(text, `theme.${theme}`) });
  button.dataset.theme = theme;
  button.setAttribute("aria-label", sentence);
  button.title = sentence;
}

/** @param {string} theme */
function keep(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
}
