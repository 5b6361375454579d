/** What is fetched when it is first asked for: sentences and style sheets of what most readers never open. */

import { h } from "../../elements/dom.js";

/** @import { TextTable } from "../../base/text.js" */

/**
 * The sentences of a table; the page itself says none of them.
 * @param {string} table
 * @param {"zh" | "en"} lang
 * @returns {Promise<TextTable>}
 */
export async function fetchSentences(table, lang) {
  const answer = await fetch(new URL(`../../text/${table}.json`, import.meta.url));
  const sentences = /** @type {Record<string, { zh: string, en: string }>} */ (await answer.json());
  return Object.fromEntries(Object.entries(sentences).map(([key, both]) => [key, both[lang]]));
}

/**
 * Adds a style sheet to the page; what it is for is shown when it is there, or when it cannot be had.
 * @param {string} name
 * @returns {Promise<void>}
 */
export function addSheet(name) {
  return new Promise((resolve) => {
    const done = () => resolve();
    document.head.append(h("link", { rel: "stylesheet", href: `/static/style/${name}`, onload: done, onerror: done }));
  });
}
