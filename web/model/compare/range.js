/**
 * What happened in two runs within one part of the time, as numbers side by side.
 */

/** @import { Sums } from "../range.js" */
/** @import { Row, Two } from "../compare.js" */

/**
 * @param {Sums} a
 * @param {Sums} b
 * @returns {Row[]} what is nothing in both is left out
 */
export function rowsOfRange(a, b) {
  /** @type {[key: string, unit: Row["unit"], of: (sums: Sums) => number][]} */
  const rows = [
    ["events", "count", ({ events }) => events],
    ["lines", "count", ({ lines }) => lines],
    ["done", "count", ({ tasks }) => tasks],
    ["puts", "count", ({ puts }) => puts],
    ["gets", "count", ({ gets }) => gets],
    ["cpu", "time", ({ shares }) => shares.reduce((sum, { cpu }) => sum + cpu, 0)],
    ["blocked", "time", ({ shares }) => shares.reduce((sum, { blocked }) => sum + blocked, 0)],
  ];
  return rows.map(([key, unit, of]) => {
    /** @type {Two<number>} */
    const values = [of(a), of(b)];
    return { key, unit, values, more: values[1] - values[0] };
  }).filter(({ values }) => values.some((value) => value !== 0));
}
