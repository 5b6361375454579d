/**
 * In which orders things happened in many runs, and how often.
 *
 * How it works: each run is a sequence of words; runs with the same sequence are a group. Sequences are compared by a
 * number made of them ({@link signature}), so thousands of lines cost no more than a few. In lines of output some numbers
 * tell things apart (`2.png`) and others are chance (pids, times): a number counts as the former where all runs printed
 * the same ones, in whatever order.
 */

/** @import { Line, Trace } from "./trace.js" */

/** What is compared. @typedef {"lines" | "tasks" | "exits" | "shares"} Aspect */

/** @type {readonly Aspect[]} */
export const ASPECTS = ["lines", "tasks", "shares", "exits"];

/** A thing that happens, in words; `who` is empty where the thing says it. @typedef {{ who: string, what: string }} Step */

/**
 * Runs in which things happened in the same order.
 * @typedef {object} Group
 * @property {readonly Trace[]} runs
 * @property {readonly Step[]} steps
 * @property {number | null} differs the first step that is another than in the first group; null for that group itself
 */

/** Stands for a number that differs by chance. */
const ANY = "…";

/**
 * @param {readonly Trace[]} traces
 * @param {Aspect} aspect
 * @returns {Group[]} the most frequent first; of equals that which came first
 */
export function groupsOf(traces, aspect) {
  const stepsOf = reader(traces, aspect);
  /** @type {Map<string, { runs: Trace[], steps: Step[] }>} */
  const groups = new Map();
  for (const trace of traces) {
    const steps = stepsOf(trace);
    const key = signature(steps);
    const group = groups.get(key);
    if (group) group.runs.push(trace);
    else groups.set(key, { runs: [trace], steps });
  }
  const sorted = [...groups.values()].sort((a, b) => b.runs.length - a.runs.length);
  return sorted.map((group, place) => ({ ...group, differs: place === 0 ? null : firstDifference(sorted[0]?.steps ?? [], group.steps) }));
}

/**
 * Whether the runs have anything to compare in that respect.
 * @param {readonly Trace[]} traces
 * @param {Aspect} aspect
 */
export function has(traces, aspect) {
  return traces.some((trace) => trace[aspect].length > 1);
}

/**
 * @param {readonly Trace[]} traces
 * @param {Aspect} aspect
 * @returns {(trace: Trace) => Step[]}
 */
function reader(traces, aspect) {
  switch (aspect) {
    case "lines": {
      const telling = tellingNumbers(traces);
      return ({ lines }) => lines.map((line) => ({ who: line.who, what: worded(line, telling) }));
    }
    case "shares":
      return ({ shares }) => shares.map(({ task, who }) => ({ who, what: task }));
    case "tasks":
      return ({ tasks }) => tasks.map((what) => ({ who: "", what }));
    case "exits":
      return ({ exits }) => exits.map((who) => ({ who, what: "" }));
  }
}

/**
 * Which numbers of which lines tell things apart: by speaker and template, then by place in the line.
 * @param {readonly Trace[]} traces
 * @returns {Map<string, boolean[]>}
 */
function tellingNumbers(traces) {
  const all = traces.map(numbersOf);
  /** @type {Map<string, boolean[]>} */
  const telling = new Map();
  for (const [kind, columns] of all.flatMap((numbers) => [...numbers])) {
    if (telling.has(kind)) continue;
    const isSame = (/** @type {string[]} */ column, /** @type {number} */ place) => all.every((numbers) => bag(numbers.get(kind)?.[place]) === bag(column));
    telling.set(kind, columns.map(isSame));
  }
  return telling;
}

/**
 * The numbers of each kind of line in a run, place by place.
 * @param {Trace} trace
 * @returns {Map<string, string[][]>}
 */
function numbersOf({ lines }) {
  /** @type {Map<string, string[][]>} */
  const kinds = new Map();
  for (const line of lines) {
    const columns = kinds.get(kindOf(line)) ?? line.numbers.map(() => []);
    line.numbers.forEach((number, place) => columns[place]?.push(number));
    kinds.set(kindOf(line), columns);
  }
  return kinds;
}

/** @param {readonly string[] | undefined} column */
function bag(column) {
  return [...(column ?? [])].sort().join(" ");
}

/** @param {Line} line */
function kindOf({ who, template }) {
  return `${who}\n${template}`;
}

/**
 * @param {Line} line
 * @param {Map<string, boolean[]>} telling
 */
function worded(line, telling) {
  const keep = telling.get(kindOf(line)) ?? [];
  let place = -1;
  return line.template.replace(/#/g, () => {
    place += 1;
    return keep[place] ? (line.numbers[place] ?? ANY) : ANY;
  });
}

/**
 * A short text that is the same for the same steps, and for others another one (of 2⁶⁴, and with their number).
 * @param {readonly Step[]} steps
 * @returns {string}
 */
export function signature(steps) {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const { who, what } of steps) {
    for (const text of [who, "\n", what, "\n"]) {
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        a = Math.imul(a ^ code, 0x01000193);
        b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
      }
    }
  }
  return `${steps.length} ${(a >>> 0).toString(16)} ${(b >>> 0).toString(16)}`;
}

/**
 * @param {readonly Step[]} one
 * @param {readonly Step[]} other
 */
function firstDifference(one, other) {
  const place = other.findIndex(({ who, what }, at) => one[at]?.who !== who || one[at]?.what !== what);
  return place < 0 ? other.length : place;
}
