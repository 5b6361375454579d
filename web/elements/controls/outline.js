/**
 * A parameter and its value in a few words.
 *
 * @import { JsonValue, Param } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";

/**
 * One parameter in the folded form of the controls.
 * @param {TextTable} text
 * @param {"zh" | "en"} lang
 * @param {Param} param
 * @param {JsonValue} value
 */
export function outline(text, lang, param, value) {
  const option = param.type === "choice" ? param.options.find((one) => one.value === value)?.title[lang] : undefined;
  const yes = param.type === "boolean" ? say(text, value === true ? "controls.on" : "controls.off") : undefined;
  return say(text, "controls.outline", { title: param.title[lang], value: option ?? yes ?? String(value) });
}
