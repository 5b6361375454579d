/**
 * How far a measured curve follows the ideal one, "twice as many, half the time", and why no farther.
 *
 * The reasons come from the runs' own numbers. `tasks`: there are no more of them to hand out; `longest`: one task alone
 * takes about as long as the best run, and no task can be shared; `processors`: the work is for processors, and all of
 * them are at work; `serial`: even while each process had a processor of its own a part could not be divided;
 * `making`: none of these, so what is left is the price of making and feeding processes.
 */

/** @import { Point } from "./sweep.js" */

/** A point follows the ideal when it is at least this share as fast. */
const FOLLOWS = 0.8;

/** Times that differ by less are as good as each other. */
const HARDLY = 1.1;

/** A share of the work that cannot be divided and is worth a word. */
const SERIAL = 0.08;

/**
 * @typedef {object} Bend
 * @property {Point} first what all is held against
 * @property {Point} knee the last point that follows the ideal
 * @property {Point} best the fastest point; of points that hardly differ the first
 * @property {number} times how many times as fast as the first the best is
 * @property {number} ideal how many times it would be
 * @property {boolean} follows whether all points do
 * @property {"tasks" | "longest" | "processors" | "serial" | "making" | null} why
 * @property {number} serial the share of the work that could not be divided, 0 to 1
 */

/**
 * The ideal time of a value.
 * @param {Point} first
 * @param {number} value
 * @returns {number} in the unit of the points
 */
export function idealOf(first, value) {
  return (first.median * Number(first.value)) / value;
}

/**
 * @param {readonly Point[]} points for the values in rising order, the first more than 0
 * @returns {Bend | null} null where there is nothing to compare
 */
export function bend(points) {
  const [first] = points;
  if (first === undefined || points.length < 2 || !(Number(first.value) > 0)) return null;
  const broken = points.findIndex((point) => !follows(first, point));
  const knee = points[(broken < 0 ? points.length : broken) - 1] ?? first;
  const fastest = Math.min(...points.map((point) => point.median));
  const best = points.find((point) => point.median <= fastest * HARDLY) ?? first;
  const serial = serialShare(first, points);
  const why = broken < 0 ? null : reason(best, /** @type {Point} */ (points[broken]), serial);
  return { first, knee, best, times: first.median / best.median, ideal: Number(best.value) / Number(first.value), follows: broken < 0, why, serial };
}

/**
 * @param {Point} first
 * @param {Point} point
 */
function follows(first, point) {
  return idealOf(first, Number(point.value)) / point.median >= FOLLOWS;
}

/**
 * @param {Point} best
 * @param {Point} broken the first that does not follow
 * @param {number} serial
 * @returns {Bend["why"]}
 */
function reason(best, broken, serial) {
  const sample = broken.samples[0];
  if (sample === undefined) return null;
  const { cpus, tasks, longest } = sample.facts;
  if (tasks > 0 && Number(broken.value) > tasks) return "tasks";
  if (tasks > 0 && longest >= FOLLOWS * best.median) return "longest";
  if (needsProcessors(best) && Number(broken.value) > cpus) return "processors";
  return serial >= SERIAL ? "serial" : "making";
}

/**
 * Whether the work is for processors: those that it could have were at work at least half of the time.
 * @param {Point} point
 */
export function needsProcessors({ samples: [sample], value }) {
  if (sample === undefined) return false;
  // A run that measured its own curve lasted longer than the time of one point.
  const busy = sample.measures.cpu / (sample.whole ?? sample.measures.time);
  return busy >= 0.5 * Math.min(sample.facts.cpus, Number(value));
}

/**
 * The share that cannot be divided: no more than Amdahl's law allows for any of the points.
 * @param {Point} first
 * @param {readonly Point[]} points
 */
function serialShare(first, points) {
  const shares = points.slice(1).map(({ value, median }) => {
    const times = Number(value) / Number(first.value);
    return (median / first.median - 1 / times) / (1 - 1 / times);
  });
  return Math.min(1, Math.max(0, Math.min(...shares)));
}
