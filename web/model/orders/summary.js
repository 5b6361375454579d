/**
 * What can be said of many orders in one sentence: how many there are, what comes first, and which two things are most
 * open to chance.
 */

import { signature } from "./tally.js";

/** @import { Group, Step } from "./tally.js" */

/**
 * @typedef {object} Summary
 * @property {number} runs
 * @property {number} orders how many different ones
 * @property {{ step: Step, times: number } | null} first what most often came first, and in how many runs
 * @property {{ before: Step, after: Step, times: number, of: number } | null} pair two things whose order is most open:
 *   in how many of the runs that had both the one came before the other
 */

/** Beyond so many different things no pair is looked for among them. */
const PAIRED_MAX = 60;

/**
 * @param {readonly Group[]} groups
 * @returns {Summary}
 */
export function summaryOf(groups) {
  const runs = groups.reduce((total, group) => total + group.runs.length, 0);
  return { runs, orders: groups.length, first: firstOf(groups), pair: openPair(groups) };
}

/** @param {readonly Group[]} groups */
function firstOf(groups) {
  /** @type {Map<string, { step: Step, times: number }>} */
  const firsts = new Map();
  for (const { steps: [step], runs } of groups) {
    if (step === undefined) continue;
    const key = signature([step]);
    const times = (firsts.get(key)?.times ?? 0) + runs.length;
    firsts.set(key, { step, times });
  }
  return [...firsts.values()].sort((a, b) => b.times - a.times)[0] ?? null;
}

/**
 * Of the things that happen once in a run the two whose order comes nearest to a coin's; null where none is open.
 * @param {readonly Group[]} groups
 */
function openPair(groups) {
  const places = groups.map(({ steps }) => onceIn(steps));
  const things = [...new Map(places.flatMap((all) => [...all].map(([key, { step }]) => [key, step])))].slice(0, PAIRED_MAX);
  /** @type {Summary["pair"]} */
  let best = null;
  for (const [place, [one, before]] of things.entries()) {
    for (const [other, after] of things.slice(place + 1)) {
      const pair = compared(groups, places, one, other);
      if (pair.times > 0 && pair.times < pair.of && (best === null || openness(pair) > openness(best))) best = { before, after, ...pair };
    }
  }
  return best && best.times * 2 < best.of ? { before: best.after, after: best.before, times: best.of - best.times, of: best.of } : best;
}

/** @param {{ times: number, of: number }} pair */
function openness({ times, of }) {
  return Math.min(times, of - times) + of / 1e6;
}

/**
 * @param {readonly Step[]} steps
 * @returns {Map<string, { step: Step, place: number }>} the steps that happen once, by what they are
 */
function onceIn(steps) {
  /** @type {Map<string, { step: Step, place: number }>} */
  const once = new Map();
  const twice = new Set();
  for (const [place, step] of steps.entries()) {
    const key = signature([step]);
    if (once.has(key)) twice.add(key);
    else once.set(key, { step, place });
  }
  for (const key of twice) once.delete(key);
  return once;
}

/**
 * @param {readonly Group[]} groups
 * @param {readonly Map<string, { place: number }>[]} places
 * @param {string} one
 * @param {string} other
 */
function compared(groups, places, one, other) {
  let [times, of] = [0, 0];
  for (const [at, { runs }] of groups.entries()) {
    const [a, b] = [places[at]?.get(one), places[at]?.get(other)];
    if (a === undefined || b === undefined) continue;
    of += runs.length;
    if (a.place < b.place) times += runs.length;
  }
  return { times, of };
}

/**
 * Who most often did the same thing; null where nobody did one more than once.
 * @param {readonly Group[]} groups
 * @returns {{ who: string, what: string, times: number } | null}
 */
export function favourite(groups) {
  /** @type {Map<string, { who: string, what: string, times: number }>} */
  const shares = new Map();
  for (const { steps, runs } of groups) {
    for (const { who, what } of steps) {
      const key = signature([{ who, what }]);
      shares.set(key, { who, what, times: (shares.get(key)?.times ?? 0) + runs.length });
    }
  }
  const [most] = [...shares.values()].sort((a, b) => b.times - a.times);
  return most && most.times > 1 ? most : null;
}
