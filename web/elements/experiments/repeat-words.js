/**
 * Many runs in words: what can be compared, what came of it in one sentence, and each step of an order.
 *
 * @import { JsonValue } from "../../protocol.js"
 * @import { Bar, Spread } from "../../model/orders/spread.js"
 * @import { Aspect, Group, Step } from "../../model/orders/tally.js"
 * @import { Trace } from "../../model/orders/trace.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { duration } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { spreadOf, variablesOf } from "../../model/orders/spread.js";
import { favourite, summaryOf } from "../../model/orders/summary.js";
import { ASPECTS, has } from "../../model/orders/tally.js";
import { WORKER } from "../../model/orders/trace.js";

/** What many runs are compared by. @typedef {Aspect | "values" | "durations"} Question */

/** @type {readonly Question[]} */
export const QUESTIONS = [...ASPECTS, "values", "durations"];

/**
 * What can be asked of the runs.
 * @param {readonly Trace[]} traces
 * @returns {Question[]}
 */
export function questionsOf(traces) {
  return QUESTIONS.filter((question) => {
    if (question === "values") return variablesOf(traces).length > 0;
    return question === "durations" || has(traces, question);
  });
}

/**
 * The question that is worth most: a shared value that differs, else how tasks ended, else how lines came.
 * @param {readonly Trace[]} traces
 * @returns {Question}
 */
export function bestQuestion(traces) {
  const [variable] = variablesOf(traces);
  const spread = variable === undefined || variable.includes(" · ") ? null : spreadOf(traces, ({ values }) => values[variable]);
  if (spread !== null && spread.kinds > 1) return "values";
  const all = questionsOf(traces);
  return all.includes("tasks") ? "tasks" : (all[0] ?? "durations");
}

/**
 * A step of an order: who, where that is not in the words already, and what.
 * @param {TextTable} text
 * @param {Step} step
 * @returns {string}
 */
export function stepWords(text, { who, what }) {
  const name = who === WORKER ? say(text, "orders.worker") : who;
  if (what === "") return name;
  return name === "" || what.startsWith(name) || who === WORKER ? what : say(text, "orders.step", { who: name, what });
}

/**
 * @param {TextTable} text
 * @param {Aspect} aspect
 * @param {readonly Group[]} groups
 * @returns {string[]}
 */
export function orderSentences(text, aspect, groups) {
  const { runs, orders, first, pair } = summaryOf(groups);
  const kind = aspect === "shares" ? "shares" : "orders";
  if (orders === 1) return [say(text, `orders.${kind}.same`, { n: runs })];
  const sentences = [say(text, `orders.${kind}.differ`, { n: runs, orders })];
  if (aspect === "shares") {
    const most = favourite(groups);
    return most ? [...sentences, say(text, "orders.shares.often", { who: most.who, task: most.what, times: most.times, n: runs })] : sentences;
  }
  if (first !== null) sentences.push(say(text, first.times === runs ? "orders.first.always" : "orders.first.often", { what: stepWords(text, first.step), times: first.times, n: runs }));
  if (pair !== null) sentences.push(say(text, "orders.pair", { before: stepWords(text, pair.before), after: stepWords(text, pair.after), times: pair.times, n: pair.of }));
  return sentences;
}

/**
 * @param {TextTable} text
 * @param {string} name of the variable
 * @param {Spread} spread
 * @returns {string[]}
 */
export function valueSentences(text, name, { runs, kinds, numbers, mode }) {
  const common = { n: runs, name, kinds, mode: valueWords(mode.value), times: mode.times };
  if (kinds === 1) return [say(text, "orders.value.same", common)];
  if (numbers === null) return [say(text, "orders.value.kinds", common)];
  return [say(text, "orders.value.numbers", { ...common, least: numbers.least, most: numbers.most })];
}

/**
 * @param {TextTable} text
 * @param {Spread} spread of durations in µs
 * @returns {string[]}
 */
export function durationSentences(text, { runs, numbers }) {
  if (numbers === null) return [];
  return [say(text, "orders.durations", { n: runs, least: duration(numbers.least), most: duration(numbers.most), median: duration(numbers.median) })];
}

/**
 * The label of a bar.
 * @param {Bar} bar
 * @param {"values" | "durations"} question
 * @returns {string}
 */
export function barWords(bar, question) {
  const one = (/** @type {number} */ number) => (question === "durations" ? duration(number) : String(number));
  if ("from" in bar) return `${one(bar.from)} – ${one(bar.to)}`;
  return question === "durations" ? one(Number(bar.value)) : valueWords(bar.value);
}

/** @param {JsonValue} value */
function valueWords(value) {
  const words = typeof value === "string" ? value : JSON.stringify(value);
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

/** How many steps of an order are shown at once. */
const SHOWN = 9;
/** How many of them come before the first that differs. */
const BEFORE = 2;

/**
 * The part of an order that is shown: its beginning, or around where it differs first.
 * @param {Group} group
 * @returns {{ from: number, steps: readonly Step[], rest: number }}
 */
export function windowOf({ steps, differs }) {
  const from = Math.max(0, Math.min((differs ?? 0) - BEFORE, steps.length - SHOWN));
  const shown = steps.slice(from, from + SHOWN);
  return { from, steps: shown, rest: steps.length - from - shown.length };
}
