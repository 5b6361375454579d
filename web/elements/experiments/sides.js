/**
 * The two sides of a comparison in words: what a side is, in what it differs from the other, and which changes the
 * scenario's own parameters propose.
 *
 * @import { Card, JsonValue, Param, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";

/** What is run on one side. @typedef {{ params: Readonly<Record<string, JsonValue>>, runtime: Runtime }} Side */
/** @typedef {{ text: TextTable, lang: "zh" | "en", card: Card }} Reader */
/** @typedef {{ name: string, value: JsonValue, words: string }} Proposal a change at one press; `name` is a parameter or `runtime` */

/**
 * How a parameter of B is called where A's has its own name: in the address, and among the controls of one page.
 * @param {string} name
 */
export function ofB(name) {
  return ["b", name].join(".");
}

/**
 * What can be changed at one press: each other choice, each switch turned, each other program.
 * @param {Reader} reader
 * @param {Side} side that the change starts from
 * @returns {Proposal[]}
 */
export function proposals(reader, { params, runtime }) {
  const ofParams = reader.card.params.flatMap((param) => othersOf(param, params[param.name] ?? null).map((value) => (
    { name: param.name, value, words: settingWords(reader, param, value) })));
  const runtimes = reader.card.sources.map((source) => source.runtime).filter((other) => other !== runtime);
  return [...ofParams, ...runtimes.map((value) => ({ name: "runtime", value, words: runtimeWords(reader, value) }))];
}

/**
 * @param {Param} param
 * @param {JsonValue} value
 * @returns {JsonValue[]}
 */
function othersOf(param, value) {
  if (param.type === "boolean") return [value !== true];
  return param.type === "choice" ? param.options.map((option) => option.value).filter((option) => option !== value) : [];
}

/**
 * All that a side is, one part a parameter.
 * @param {Reader} reader
 * @param {Side} side
 * @returns {string[]}
 */
export function wordsOf(reader, { params, runtime }) {
  const language = reader.card.sources.length > 1 ? [say(reader.text, `runtime.${runtime}`)] : [];
  return [...language, ...reader.card.params.map((param) => settingWords(reader, param, params[param.name] ?? null))];
}

/**
 * What a side has otherwise than the other.
 * @param {Reader} reader
 * @param {Side} side
 * @param {Side} other
 * @returns {string[]} empty when they are the same
 */
export function differenceOf(reader, side, other) {
  const params = reader.card.params.filter(({ name }) => side.params[name] !== other.params[name]);
  const words = params.map((param) => settingWords(reader, param, side.params[param.name] ?? null));
  return side.runtime === other.runtime ? words : [...words, runtimeWords(reader, side.runtime)];
}

/**
 * @param {Reader} reader
 * @param {Runtime} runtime
 */
function runtimeWords({ text }, runtime) {
  return say(text, "controls.outline", { title: say(text, "controls.runtime"), value: say(text, `runtime.${runtime}`) });
}

/**
 * @param {Reader} reader
 * @param {Param} param
 * @param {JsonValue} value
 */
function settingWords({ text, lang }, param, value) {
  const option = param.type === "choice" ? param.options.find((one) => one.value === value)?.title[lang] : undefined;
  const yes = param.type === "boolean" ? say(text, value === true ? "controls.on" : "controls.off") : undefined;
  const unit = param.type === "number" && param.unit !== "" ? ` ${param.unit}` : "";
  return say(text, "controls.outline", { title: param.title[lang], value: option ?? yes ?? `${value}${unit}` });
}
