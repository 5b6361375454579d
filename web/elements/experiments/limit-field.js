/**
 * How long each of many runs may go on: some programs never end by themselves.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Field } from "../controls/field.js"
 */

import { say } from "../../base/text.js";
import { makeField } from "../controls/field.js";

/** The limits one can choose, in seconds; there may also be none. */
export const LIMITS = [3, 10];

/** The word for none. */
const END = "end";

/**
 * The field; it shows and tells the word of a limit.
 * @param {TextTable} text
 * @param {string} name unique on the page
 * @param {(limit: number | null) => void} change
 * @returns {Field & { show: (limit: number | null) => void }}
 */
export function limitField(text, name, change) {
  const both = (/** @type {string} */ sentence) => ({ zh: sentence, en: sentence });
  const options = [...LIMITS.map((limit) => ({ value: wordOf(limit), title: both(`${limit} s`) })), { value: END, title: both(say(text, "series.end")) }];
  const field = makeField(
    { name, title: both(say(text, "series.limit")), help: both(say(text, "series.limit.help")), type: "choice", options, default: END },
    { text, lang: "en", change: (word) => change(word === END ? null : Number(word)) },
  );
  return { ...field, show: (limit) => field.set(wordOf(limit)) };
}

/**
 * @param {number | null} limit
 * @returns {string}
 */
export function wordOf(limit) {
  return limit === null ? END : String(limit);
}
