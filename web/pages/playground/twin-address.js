/**
 * What the address says of a comparison: `b.<parameter>` and `b.runtime` for what B has otherwise, `twin.order`, and
 * `twin.a`, `twin.b` for two runs that can be looked at as long as the server has them; and of these what one looks at:
 * `twin.t`, the part in view or the moment, `twin.range`, the selected part, and `twin.marks`, in seconds.
 *
 * @import { Card, JsonValue, Param } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Period } from "../../elements/timeline/moments.js"
 * @import { Order } from "./twin-run.js"
 */

import { faultOf } from "../../elements/controls/field.js";
import { ofB } from "../../elements/experiments/sides.js";
import { isHere } from "./address.js";
import { readMoment, wordsOf } from "./moment-address.js";

/** @typedef {{ period: Period | null, time: number | null, range: Period | null, marks: readonly number[] }} TwinMoment as a run's; `range`: the selected part */

/**
 * @param {{ changes: ReadonlyMap<string, JsonValue>, order: Order, runs: readonly [string, string] | null }} twin
 * @returns {Record<string, string>}
 */
export function twinWords({ changes, order, runs }) {
  const words = [...changes].map(([name, value]) => [ofB(name), String(value)]);
  return { ...Object.fromEntries(words), "twin.order": order, ...(runs ? { "twin.a": runs[0], "twin.b": runs[1] } : {}) };
}

/**
 * What such words mean; what cannot be is left out.
 * @param {{ card: Card, text: TextTable }} reader
 * @param {Readonly<Record<string, string>>} words
 * @returns {{ changes: Map<string, JsonValue> | null, order: Order, runs: readonly [string, string] | null }} `changes`: null where nothing is said
 */
export function readTwin({ card, text }, words) {
  const order = words["twin.order"] === "together" ? "together" : "turns";
  const [a, b] = [words["twin.a"], words["twin.b"]];
  const runs = a && b ? /** @type {const} */ ([a, b]) : null;
  return { changes: Object.keys(words).length > 0 ? changesOf(card, text, words) : null, order, runs };
}

/**
 * What one looks at in two runs, as words; what there is none of is left out.
 * @param {TwinMoment} moment
 * @returns {Record<string, string>}
 */
export function momentWords({ range, ...moment }) {
  const own = wordsOf({ ...moment, event: null });
  const area = range ? wordsOf({ period: range, time: null, event: null, marks: [] }).t : undefined;
  return {
    ...(own.t === undefined ? {} : { "twin.t": own.t }),
    ...(area === undefined ? {} : { "twin.range": area }),
    ...(own.marks === undefined ? {} : { "twin.marks": own.marks }),
  };
}

/**
 * The same back; what cannot be is left out.
 * @param {Readonly<Record<string, string>>} words
 * @returns {TwinMoment | null} null where nothing is said
 */
export function readTwinMoment(words) {
  const { period, time, marks } = read(words["twin.t"], words["twin.marks"]);
  const range = read(words["twin.range"]).period;
  return period || range || time !== null || marks.length > 0 ? { period, time, range, marks } : null;
}

/** @param {string} [t] @param {string} [marks] */
function read(t = "", marks = "") {
  return readMoment(new URLSearchParams({ t, marks })).moment;
}

/**
 * @param {Card} card
 * @param {TextTable} text
 * @param {Readonly<Record<string, string>>} words
 */
function changesOf(card, text, words) {
  /** @type {Map<string, JsonValue>} */
  const changes = new Map();
  for (const param of card.params) {
    const word = words[ofB(param.name)];
    const value = word === undefined ? null : valueOf(param, word);
    if (value !== null && faultOf(text, param, value) === "") changes.set(param.name, value);
  }
  const runtime = words[ofB("runtime")];
  if (runtime !== undefined && isHere(card, runtime)) changes.set("runtime", runtime);
  return changes;
}

/**
 * @param {Param} param
 * @param {string} word
 * @returns {JsonValue}
 */
function valueOf({ type }, word) {
  if (type === "boolean") return word === "true" ? true : word === "false" ? false : null;
  if (type === "integer" || type === "number") return word.trim() === "" ? null : Number(word);
  return word;
}
