/**
 * A sweep: the same scenario for several values of one parameter, and the curve that comes of it.
 *
 * How it works: {@link valuesOf} says for which values, {@link curveOf} makes points of what the runs took: the median of
 * the repeats, with the least and the most. Where a scenario has an ideal curve, {@link bend} says how far the measured
 * one follows it, and finds in the runs' own numbers why no farther.
 */

import { median, tidy } from "../base/ticks.js";

/** @import { JsonValue, Param, Runtime } from "../protocol.js" */
/** @import { Facts, Measures, Quantity } from "./measures.js" */

/** The most points of a curve. */
export const POINTS_MAX = 12;

/** @typedef {{ from: number, to: number, step: number }} Range */

/**
 * What is kept of a run.
 * @typedef {object} Sample
 * @property {string} run its id
 * @property {Runtime} runtime
 * @property {JsonValue} value of the parameter
 * @property {Measures} measures
 * @property {Facts} facts
 * @property {string} outcome
 * @property {number} [whole] how long the run was, in µs, where it measured its own curve
 */

/**
 * @typedef {object} Point
 * @property {JsonValue} value of the parameter
 * @property {number} median
 * @property {number} least
 * @property {number} most
 * @property {string} run the one that is nearest to the median
 * @property {readonly Sample[]} samples
 */

/**
 * The values that are tried.
 * @param {Param} param
 * @param {Range} range for numbers
 * @returns {JsonValue[]} none for a text, which cannot be swept
 */
export function valuesOf(param, { from, to, step }) {
  switch (param.type) {
    case "integer":
    case "number": {
      const count = step > 0 && to >= from ? Math.floor((to - from) / step + 1e-9) + 1 : 0;
      return Array.from({ length: Math.min(count, 1000) }, (_, place) => tidy(from + place * step));
    }
    case "boolean":
      return [false, true];
    case "choice":
      return param.options.map(({ value }) => value);
    case "text":
      return [];
  }
}

/**
 * The range that is proposed: around what is usual, in at most eight points.
 * @param {Param} param
 * @returns {Range}
 */
export function rangeOf(param) {
  if (param.type !== "integer" && param.type !== "number") return { from: 0, to: 0, step: 1 };
  const least = param.type === "integer" ? 1 : param.step;
  const span = Math.min(param.max - param.min, Math.max(param.default - param.min, 7 * least));
  const step = tidy(Math.max(1, Math.ceil(span / 7 / least - 1e-9)) * least);
  return { from: param.min, to: tidy(param.min + Math.floor(span / step + 1e-9) * step), step };
}

/**
 * The points of one runtime's curve, in the order of the values.
 * @param {readonly Sample[]} samples
 * @param {readonly JsonValue[]} values
 * @param {Quantity} quantity
 * @returns {Point[]} none for values without a run
 */
export function curveOf(samples, values, quantity) {
  return values.flatMap((value) => {
    const own = samples.filter((sample) => sample.value === value);
    return own.length > 0 ? [pointOf(value, own, quantity)] : [];
  });
}

/**
 * @param {JsonValue} value
 * @param {readonly Sample[]} samples
 * @param {Quantity} quantity
 * @returns {Point}
 */
function pointOf(value, samples, quantity) {
  const numbers = samples.map(({ measures }) => measures[quantity]);
  const middle = median(numbers);
  const far = (/** @type {Sample} */ { measures }) => Math.abs(measures[quantity] - middle);
  const nearest = samples.reduce((best, sample) => (far(sample) < far(best) ? sample : best));
  return { value, median: middle, least: Math.min(...numbers), most: Math.max(...numbers), run: nearest.run, samples };
}

/**
 * Samples of a run that measured its own curve: its n-th number is the time, in seconds, for the parameter at n.
 * @param {Sample} sample
 * @param {readonly number[]} times
 * @returns {Sample[]}
 */
export function unrolled(sample, times) {
  return times.map((seconds, place) => ({
    ...sample,
    value: place + 1,
    whole: sample.measures.time,
    measures: { ...sample.measures, time: Math.round(seconds * 1e6) },
  }));
}

/**
 * How a curve runs. `flat`: the points differ less than their repeats, or hardly; `rises`, `falls`: all the way;
 * `lowest`, `highest`: it turns there.
 * @typedef {{ kind: "flat" | "rises" | "falls" | "lowest" | "highest", at: Point, first: Point, last: Point, lowest: Point, highest: Point }} Shape
 */

/**
 * @param {readonly Point[]} points at least two
 * @returns {Shape | null}
 */
export function shapeOf(points) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const lowest = points.reduce((best, point) => (point.median < best.median ? point : best));
  const highest = points.reduce((best, point) => (point.median > best.median ? point : best));
  const noise = Math.max(0.05 * highest.median, ...points.map(({ least, most }) => most - least));
  const ends = { first, last, lowest, highest };
  if (highest.median - lowest.median <= noise) return { kind: "flat", at: lowest, ...ends };
  if (lowest.median < Math.min(first.median, last.median) - noise) return { kind: "lowest", at: lowest, ...ends };
  if (highest.median > Math.max(first.median, last.median) + noise) return { kind: "highest", at: highest, ...ends };
  return first.median < last.median ? { kind: "rises", at: last, ...ends } : { kind: "falls", at: last, ...ends };
}

/** Up and down again by so much is no property of the parameter. */
const SWING = 1.25;

/**
 * Whether a curve goes up and down again, more than once: then something else was at work on the machine.
 * @param {readonly Point[]} points
 * @returns {boolean}
 */
export function isUnsteady(points) {
  let [turns, way, turn] = [0, 0, points[0]?.median ?? 0];
  for (const { median: next } of points) {
    const step = next > turn * SWING ? 1 : next < turn / SWING ? -1 : 0;
    if (step !== 0 && step === -way) turns += 1;
    if (step !== 0) way = step;
    if (step !== 0 || (way > 0 ? next > turn : next < turn)) turn = next;
  }
  return turns > 1;
}
