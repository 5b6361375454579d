/**
 * The difference between two runs as one sentence: the weightiest finding, with its causes, and one more.
 */

import { duration, memory } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { brief } from "../sentence.js";

/** @import { TextTable } from "../../base/text.js" */
/** @import { Cause, Difference } from "../compare.js" */

/** How many differences a sentence tells. */
const TOLD = 2;
/** How many of those that ended badly it names. */
const NAMED = 2;
const SIDES = /** @type {const} */ (["A", "B"]);

/**
 * @param {TextTable} text
 * @param {readonly Difference[]} differences the weightiest first
 * @returns {string}
 */
export function verdict(text, differences) {
  const clauses = differences.slice(0, TOLD).map((difference) => clause(text, difference));
  const whole = say(text, "verdict.whole", { clauses: clauses.join(say(text, "verdict.and")) });
  return whole.slice(0, 1).toUpperCase() + whole.slice(1);
}

/**
 * @param {TextTable} text
 * @param {Difference} difference
 * @returns {string}
 */
function clause(text, difference) {
  const { kind } = difference;
  const [one, other] = "side" in difference ? [SIDES[difference.side], SIDES[1 - difference.side]] : SIDES;
  const sides = { one: one ?? "", other: other ?? "" };
  switch (kind) {
    case "stuck":
      return say(text, `verdict.stuck.${difference.how}`, sides);
    case "outcome": {
      const [a, b] = difference.outcomes.map((outcome) => say(text, `outcome.${outcome ?? "completed"}`));
      return say(text, "verdict.outcome", { a: a ?? "", b: b ?? "" });
    }
    case "tasks":
      return say(text, difference.done === 0 ? "verdict.tasks.none" : "verdict.tasks", { ...sides, done: difference.done, of: difference.of, all: difference.other });
    case "failed":
      return failures(text, difference, sides);
    case "orphans":
      return say(text, difference.orphans === 1 ? "verdict.orphans.one" : "verdict.orphans", { ...sides, n: difference.orphans, rest: difference.other });
    case "zombie":
      return say(text, "verdict.zombie", { ...sides, time: duration(difference.us) });
    case "slower":
      return slower(text, difference, sides);
    case "value":
      return say(text, "verdict.value", { name: difference.name, a: difference.values[0], b: difference.values[1] });
    case "lines": {
      const [a, b] = apart(difference.lines[0], difference.lines[1]);
      return say(text, "verdict.lines", { a: brief(plain(a)), b: brief(plain(b)) });
    }
    case "count":
      return say(text, "verdict.count", { a: difference.lines[0], b: difference.lines[1] });
    case "processes":
      return processes(text, difference, sides);
    case "cpu":
      return say(text, "verdict.cpu", { ...sides, time: duration(difference.us), times: round(difference.times) });
    case "memory":
      return say(text, "verdict.memory", { ...sides, size: memory(difference.kib) });
    case "order":
    case "same":
      return say(text, `verdict.${kind}`);
  }
}

/** @typedef {{ one: string, other: string }} Sides */

/**
 * @param {TextTable} text
 * @param {Extract<Difference, { kind: "slower" }>} difference
 * @param {Sides} sides
 */
function slower(text, { us, causes }, { one, other }) {
  const head = say(text, "verdict.slower", { one, other, time: duration(us) });
  if (causes.length === 0) return head;
  const why = causes.map((cause) => causeWords(text, cause, { one, other })).join(say(text, "verdict.comma"));
  return say(text, "verdict.because", { head, why });
}

/**
 * @param {TextTable} text
 * @param {Cause} cause
 * @param {Sides} sides `one` is the slower
 */
function causeWords(text, cause, sides) {
  if (cause.kind === "atOnce") return say(text, cause.few === 1 ? "verdict.cause.alone" : "verdict.cause.atOnce", { ...sides, few: cause.few, many: cause.many });
  if (cause.kind === "parallel") return say(text, "verdict.cause.parallel", { ...sides, few: cause.few.toFixed(1), many: cause.many.toFixed(1) });
  return say(text, `verdict.cause.${cause.kind}`, { ...sides, time: duration(cause.us) });
}

/**
 * @param {TextTable} text
 * @param {Extract<Difference, { kind: "failed" }>} difference
 * @param {Sides} sides
 */
function failures(text, { failed, other }, sides) {
  const named = failed.slice(0, NAMED).map(({ name, end }) => `${name} ${end}`);
  const who = [...named, ...(failed.length > NAMED ? ["…"] : [])].join(say(text, "verdict.list"));
  return say(text, "verdict.failed", { ...sides, n: failed.length, who, rest: other });
}

/**
 * @param {TextTable} text
 * @param {Extract<Difference, { kind: "processes" }>} difference
 * @param {Sides} sides
 */
function processes(text, { names }, sides) {
  const key = names.length === 1 ? "verdict.processes.one" : "verdict.processes";
  return say(text, key, { ...sides, n: names.length, names: brief([...new Set(names)].join(say(text, "verdict.list"))) });
}

/** How many words before the first other one are kept, so that one knows what it is about. */
const CONTEXT = 3;

/**
 * Two lines without what they have in common at both ends.
 * @param {string} a
 * @param {string} b
 * @returns {[string, string]}
 */
function apart(a, b) {
  const [one, other] = [a.split(" "), b.split(" ")];
  const alike = one.findIndex((word, place) => word !== other[place]);
  const start = Math.max(0, (alike < 0 ? one.length : alike) - CONTEXT);
  let end = 0;
  while (end < Math.min(one.length, other.length) - Math.max(alike, start) - 1 && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const cut = (/** @type {string[]} */ words) => `${start > 0 ? "… " : ""}${words.slice(start, words.length - end).join(" ")}${end > 0 ? " …" : ""}`;
  return [cut(one), cut(other)];
}

/** A line without the marks of what is left out. @param {string} line */
function plain(line) {
  return line.replace(/\{(pid|s)\}/g, "…");
}

/** @param {number} times */
function round(times) {
  return times >= 10 ? times.toFixed(0) : times.toFixed(1);
}
