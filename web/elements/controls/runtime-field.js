/**
 * Which program of a scenario runs next: a row of its languages, and why one of them cannot run here.
 *
 * @import { Card, JsonValue, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Field } from "./field.js"
 */

import { say } from "../../base/text.js";
import { attribute } from "../dom.js";
import { makeField } from "./field.js";

/**
 * The field, or null where there is nothing to choose.
 * @param {Card} card
 * @param {{ text: TextTable, lang: "zh" | "en", change: (runtime: Runtime) => void }} setting
 * @returns {Field | null}
 */
export function runtimeField({ sources, missing = [] }, { text, lang, change }) {
  const runtimes = [...sources, ...missing].map(({ runtime }) => runtime);
  if (runtimes.length < 2) return null;
  const field = makeField(
    {
      name: "runtime",
      title: both(text, "controls.runtime"),
      help: sources.length > 1 ? both(text, "controls.runtime.help") : (missing[0]?.why ?? both(text, "controls.runtime.help")),
      type: "choice",
      options: runtimes.map((value) => ({ value, title: both(text, `runtime.${value}`) })),
      default: runtimes[0] ?? "rust",
    },
    { text, lang, change: (/** @type {JsonValue} */ value) => change(/** @type {Runtime} */ (value)) },
  );
  for (const { runtime, why } of missing) forbid(field.element, runtime, why[lang]);
  return field;
}

/**
 * @param {HTMLElement} field
 * @param {Runtime} runtime
 * @param {string} why
 */
function forbid(field, runtime, why) {
  const radio = field.querySelector(`input[value="${runtime}"]`);
  if (!(radio instanceof HTMLInputElement)) return;
  radio.disabled = true;
  attribute(radio.parentElement ?? radio, "title", why);
}

/**
 * @param {TextTable} text
 * @param {string} key
 */
function both(text, key) {
  return { zh: say(text, key), en: say(text, key) };
}
