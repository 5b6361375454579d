/**
 * What differs between two runs: numbers side by side, and the few things worth a sentence, the weightiest first. It is
 * told from the two logs alone, for any program.
 *
 * How it works: `compare/facts.js` says what each run comes to. Rows are the numbers that both have. Findings are looked
 * for in the order of what a reader would tell first: one that hangs, another end, lost work, orphans and zombies,
 * another time and what it was spent on, another result, other processes, other costs. Differences that chance makes are none.
 * `compare/words.js` says it in words.
 */

/** @import { Facts } from "./compare/facts.js" */

/** A pair of what A and B have. @template T @typedef {readonly [T, T]} Two */

/**
 * Two numbers side by side.
 * @typedef {object} Row
 * @property {string} key what they are
 * @property {string} [name] of a variable
 * @property {"time" | "memory" | "count" | "value"} unit times in µs, memory in KiB
 * @property {Two<number>} values
 * @property {number} more B's minus A's
 */

/** Where time went. @typedef {{ kind: "atOnce", few: number, many: number } | { kind: "results" | "put" | "get" | "sync" | "cpu" | "boot", us: number } | { kind: "parallel", few: number, many: number }} Cause */

/**
 * A difference worth telling. `side` is 0 for A, 1 for B.
 * @typedef {{ kind: "stuck", side: 0 | 1, how: NonNullable<Facts["stuck"]> }
 *   | { kind: "outcome", outcomes: Two<Facts["outcome"]> }
 *   | { kind: "tasks", side: 0 | 1, done: number, of: number, other: number }
 *   | { kind: "failed", side: 0 | 1, failed: Facts["failed"], other: number }
 *   | { kind: "orphans", side: 0 | 1, orphans: number, other: number }
 *   | { kind: "zombie", side: 0 | 1, us: number }
 *   | { kind: "slower", side: 0 | 1, us: number, causes: readonly Cause[] }
 *   | { kind: "value", name: string, values: Two<number> }
 *   | { kind: "lines", lines: Two<string> }
 *   | { kind: "count", lines: Two<number> }
 *   | { kind: "processes", side: 0 | 1, names: readonly string[] }
 *   | { kind: "cpu", side: 0 | 1, us: number, times: number }
 *   | { kind: "memory", side: 0 | 1, kib: number }
 *   | { kind: "order" }
 *   | { kind: "same" }} Difference
 */

/** Times that differ by less than this, and by less than this part, differ by chance. */
const CHANCE_US = 50_000;
const CHANCE_PART = 0.15;
/** A cause is one if it makes up so much of the difference. */
const CAUSE_PART = 0.3;
/** A zombie that lasts for so much of a run is no matter of who is joined first. */
const ZOMBIE_PART = 0.5;
/** Memory that differs by less is a matter of pages and caches. */
const CHANCE_KIB = 1024;

/**
 * @param {Facts} a
 * @param {Facts} b
 * @returns {Row[]} only what both have, and what is not nothing in both
 */
export function rowsOf(a, b) {
  const row = (/** @type {string} */ key, /** @type {Row["unit"]} */ unit, /** @type {(facts: Facts) => number | null | undefined} */ of) => numberRow(key, unit, of(a), of(b));
  return [
    row("duration", "time", ({ duration_us }) => duration_us),
    row("processes", "count", ({ processes }) => processes.length),
    row("failed", "count", ({ failed }) => failed.length),
    row("orphans", "count", ({ orphans }) => orphans),
    row("zombie", "time", ({ zombie_us }) => zombie_us),
    row("done", "count", ({ tasks }) => tasks?.done),
    row("atOnce", "count", ({ tasks }) => tasks?.atOnce),
    row("latency", "time", ({ tasks }) => tasks?.latency_us),
    row("results", "time", ({ tasks }) => tasks?.results_us),
    row("put", "time", ({ queues }) => queues?.put_us),
    row("get", "time", ({ queues }) => queues?.get_us),
    row("peak", "count", ({ queues }) => queues?.peak),
    row("sync", "time", ({ sync_us }) => sync_us),
    row("cpu", "time", ({ cpu_us }) => cpu_us),
    row("boot", "time", ({ boot_us }) => boot_us),
    row("memory", "memory", ({ memory_kib }) => memory_kib),
    row("private", "memory", ({ private_kib }) => private_kib),
    row("lines", "count", ({ lines }) => lines.length),
  ].flat().concat(valueRows(a, b));
}

/**
 * @param {string} key
 * @param {Row["unit"]} unit
 * @param {number | null | undefined} a
 * @param {number | null | undefined} b
 * @returns {Row[]}
 */
function numberRow(key, unit, a, b) {
  if (typeof a !== "number" || typeof b !== "number" || (a === 0 && b === 0)) return [];
  return [{ key, unit, values: [a, b], more: b - a }];
}

/** @param {Facts} a @param {Facts} b @returns {Row[]} */
function valueRows(a, b) {
  return otherValues(a, b).map(({ name, values: [one, other] }) => ({ key: "value", name, unit: "value", values: [one, other], more: other - one }));
}

/**
 * Variables that end otherwise.
 * @param {Facts} a
 * @param {Facts} b
 * @returns {{ name: string, values: Two<number> }[]}
 */
function otherValues(a, b) {
  const others = new Map(b.values.map(({ name, value }) => [name, value]));
  return a.values.flatMap(({ name, value }) => {
    const other = others.get(name);
    return other === undefined || value === other ? [] : [{ name, values: /** @type {const} */ ([value, other]) }];
  });
}

/**
 * What is worth telling, the weightiest first; never empty.
 * @param {Facts} a
 * @param {Facts} b
 * @returns {Difference[]}
 */
export function differences(a, b) {
  const isWhole = [a, b].every(({ outcome }) => outcome === "completed");
  const found = [
    hangs(a, b), ends(a, b), lostTasks(a, b), failures(a, b), orphans(a, b), zombies(a, b), isWhole ? slower(a, b) : null, ...others(a, b), moreProcesses(a, b), cpu(a, b), memory(a, b), order(a, b),
  ].filter((one) => one !== null);
  return found.length > 0 ? found : [{ kind: "same" }];
}

/** @param {number} a @param {number} b @returns {0 | 1} the side that has more */
function sideOf(a, b) {
  return b > a ? 1 : 0;
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function hangs(a, b) {
  if (a.stuck === b.stuck) return null;
  const side = a.stuck === null ? 1 : 0;
  const how = a.stuck ?? b.stuck;
  return how === null || (a.stuck !== null && b.stuck !== null) ? null : { kind: "stuck", side, how };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function ends(a, b) {
  return a.outcome === b.outcome ? null : { kind: "outcome", outcomes: [a.outcome, b.outcome] };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function lostTasks({ tasks: a }, { tasks: b }) {
  if (a === null || b === null || a.done === b.done || a.submitted !== b.submitted) return null;
  const side = sideOf(b.done, a.done);
  const [less, more] = side === 0 ? [a, b] : [b, a];
  return { kind: "tasks", side, done: less.done, of: less.submitted, other: more.done };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function failures({ failed: a }, { failed: b }) {
  if (a.length === b.length) return null;
  const side = sideOf(a.length, b.length);
  return { kind: "failed", side, failed: side === 0 ? a : b, other: Math.min(a.length, b.length) };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function orphans({ orphans: a }, { orphans: b }) {
  return a === b ? null : { kind: "orphans", side: sideOf(a, b), orphans: Math.max(a, b), other: Math.min(a, b) };
}

/** Long enough to be what the run is about. @param {Facts} a @param {Facts} b @returns {Difference | null} */
function zombies(a, b) {
  const side = sideOf(a.zombie_us, b.zombie_us);
  const us = Math.abs(a.zombie_us - b.zombie_us);
  const least = Math.max(CHANCE_US, ZOMBIE_PART * (side === 0 ? a : b).duration_us);
  return us < least ? null : { kind: "zombie", side, us };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function slower(a, b) {
  const us = Math.abs(a.duration_us - b.duration_us);
  if (us < CHANCE_US || us < CHANCE_PART * Math.max(a.duration_us, b.duration_us)) return null;
  const side = sideOf(a.duration_us, b.duration_us);
  const [slow, fast] = side === 0 ? [a, b] : [b, a];
  return { kind: "slower", side, us, causes: causesOf(slow, fast, us) };
}

/**
 * What the slower one spent its time on, the greatest first, at most two.
 * @param {Facts} slow
 * @param {Facts} fast
 * @param {number} us the difference
 * @returns {Cause[]}
 */
function causesOf(slow, fast, us) {
  const few = slow.tasks?.atOnce ?? 0;
  const many = fast.tasks?.atOnce ?? 0;
  const spent = /** @type {const} */ ([
    ["results", more(slow.tasks?.results_us, fast.tasks?.results_us)],
    ["put", more(slow.queues?.put_us, fast.queues?.put_us)],
    ["get", more(slow.queues?.get_us, fast.queues?.get_us)],
    ["sync", more(slow.sync_us, fast.sync_us)],
    ["cpu", more(slow.cpu_us, fast.cpu_us)],
    ["boot", more(slow.boot_us, fast.boot_us)],
  ]);
  /** @type {Cause[]} */
  const causes = spent.filter(([, time]) => time >= CAUSE_PART * us).sort((one, other) => other[1] - one[1]).map(([kind, time]) => ({ kind, us: time }));
  if (many > few && few > 0) causes.unshift({ kind: "atOnce", few, many });
  return [...causes, ...parallel(slow, fast)].slice(0, 2);
}

/**
 * As much work, on more processors at once.
 * @param {Facts} slow
 * @param {Facts} fast
 * @returns {Cause[]}
 */
function parallel(slow, fast) {
  const [few, many] = [slow, fast].map(({ cpu_us, duration_us }) => cpu_us / Math.max(duration_us, 1));
  return few !== undefined && many !== undefined && few > 0.5 && many > few * 1.2 ? [{ kind: "parallel", few, many }] : [];
}

/**
 * @param {number | null | undefined} slow
 * @param {number | null | undefined} fast
 */
function more(slow, fast) {
  return (slow ?? 0) - (fast ?? 0);
}

/**
 * Another result: values first, else lines that only one of them printed.
 * @param {Facts} a
 * @param {Facts} b
 * @returns {Difference[]}
 */
function others(a, b) {
  const [value] = otherValues(a, b);
  if (value) return [{ kind: "value", ...value }];
  const [one, other] = [onlyIn(a.lines, b.lines), onlyIn(b.lines, a.lines)];
  if (one !== undefined && other !== undefined) return [{ kind: "lines", lines: [one, other] }];
  return a.lines.length === b.lines.length ? [] : [{ kind: "count", lines: [a.lines.length, b.lines.length] }];
}

/**
 * The first of some that others lack; each counts as often as it is there.
 * @param {readonly string[]} some
 * @param {readonly string[]} others
 */
function onlyIn(some, others) {
  const rest = [...others];
  return some.find((one) => {
    const place = rest.indexOf(one);
    if (place >= 0) rest.splice(place, 1);
    return place < 0;
  });
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function moreProcesses(a, b) {
  if (a.processes.length === b.processes.length) return null;
  const side = sideOf(a.processes.length, b.processes.length);
  const [more, less] = side === 0 ? [a.processes, b.processes] : [b.processes, a.processes];
  const rest = [...less];
  const names = more.filter((name) => {
    const place = rest.indexOf(name);
    if (place >= 0) rest.splice(place, 1);
    return place < 0;
  });
  return { kind: "processes", side, names: names.slice(-(more.length - less.length)) };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function cpu({ cpu_us: a }, { cpu_us: b }) {
  const times = Math.max(a, b) / Math.max(1, Math.min(a, b));
  return times < 2 || Math.abs(a - b) < CHANCE_US ? null : { kind: "cpu", side: sideOf(a, b), us: Math.abs(a - b), times };
}

/** @param {Facts} a @param {Facts} b @returns {Difference | null} */
function memory({ private_kib: a }, { private_kib: b }) {
  if (a === null || b === null || Math.abs(a - b) < CHANCE_KIB || Math.max(a, b) < 1.5 * Math.min(a, b)) return null;
  return { kind: "memory", side: sideOf(a, b), kib: Math.abs(a - b) };
}

/** The same lines in another order. @param {Facts} a @param {Facts} b @returns {Difference | null} */
function order({ lines: a }, { lines: b }) {
  const isSame = a.length === b.length && a.every((line, place) => line === b[place]);
  return isSame || onlyIn(a, b) !== undefined || a.length !== b.length ? null : { kind: "order" };
}
