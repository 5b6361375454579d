/**
 * How a number or a value is spread over many runs: what a variable ended at, how long the runs were.
 */

import { median, roundStep, tidy } from "../../base/ticks.js";

/** @import { JsonValue } from "../../protocol.js" */
/** @import { Trace } from "./trace.js" */

/** More different numbers than this are put together in bins. */
const BARS_MAX = 14;

/**
 * Runs with the same value, or with numbers from `from` up to but not including `to`.
 * @typedef {{ runs: readonly Trace[], value: JsonValue } | { runs: readonly Trace[], from: number, to: number }} Bar
 */

/**
 * @typedef {object} Spread
 * @property {readonly Bar[]} bars numbers in rising order, other values the most frequent first
 * @property {number} runs that have a value
 * @property {number} kinds how many different values
 * @property {{ least: number, most: number, median: number } | null} numbers null where not all values are numbers
 * @property {{ value: JsonValue, times: number }} mode the most frequent value
 */

/**
 * The names of the variables that the runs have, those first that differ most.
 * @param {readonly Trace[]} traces
 * @returns {string[]}
 */
export function variablesOf(traces) {
  const names = [...new Set(traces.flatMap(({ values }) => Object.keys(values)))];
  const kinds = new Map(names.map((name) => [name, new Set(traces.map(({ values }) => JSON.stringify(values[name]))).size]));
  // A shared variable has no process before its name, and is what most wait to see.
  const isShared = (/** @type {string} */ name) => Number(!name.includes(" · "));
  return names.sort((a, b) => (kinds.get(b) ?? 0) - (kinds.get(a) ?? 0) || isShared(b) - isShared(a));
}

/**
 * @param {readonly Trace[]} traces
 * @param {(trace: Trace) => JsonValue | undefined} read
 * @returns {Spread | null} null where no run has a value
 */
export function spreadOf(traces, read) {
  const found = traces.flatMap((trace) => {
    const value = read(trace);
    return value === undefined ? [] : [{ trace, value }];
  });
  const same = sameValues(found);
  const [mode] = [...same].sort((a, b) => b.runs.length - a.runs.length);
  if (mode === undefined) return null;
  const numbers = found.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const isNumeric = numbers.length === found.length;
  return {
    bars: isNumeric ? numeric(found, same) : same.sort((a, b) => b.runs.length - a.runs.length),
    runs: found.length,
    kinds: same.length,
    numbers: isNumeric ? { least: Math.min(...numbers), most: Math.max(...numbers), median: median(numbers) } : null,
    mode: { value: mode.value, times: mode.runs.length },
  };
}

/** @typedef {{ trace: Trace, value: JsonValue }} Found */

/**
 * @param {readonly Found[]} found
 * @returns {{ runs: Trace[], value: JsonValue }[]}
 */
function sameValues(found) {
  /** @type {Map<string, { runs: Trace[], value: JsonValue }>} */
  const groups = new Map();
  for (const { trace, value } of found) {
    const key = JSON.stringify(value);
    const group = groups.get(key) ?? { runs: [], value };
    group.runs.push(trace);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * @param {readonly Found[]} found whose values are numbers
 * @param {{ runs: Trace[], value: JsonValue }[]} same
 * @returns {Bar[]}
 */
function numeric(found, same) {
  if (same.length <= BARS_MAX) return same.sort((a, b) => Number(a.value) - Number(b.value));
  const numbers = found.map(({ value }) => Number(value));
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const step = roundStep(most - least, BARS_MAX - 2);
  const start = Math.floor(least / step) * step;
  const count = Math.floor((most - start) / step) + 1;
  const bars = Array.from({ length: count }, (_, place) => ({ from: tidy(start + place * step), to: tidy(start + (place + 1) * step), runs: /** @type {Trace[]} */ ([]) }));
  for (const { trace, value } of found) bars[Math.min(count - 1, Math.floor((Number(value) - start) / step))]?.runs.push(trace);
  return bars;
}
