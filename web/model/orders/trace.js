/**
 * What of a run is kept to hold it against others: who printed what, who ended when, who did which task, what variables
 * ended at. Small: the log itself is let go.
 *
 * How it works: pids differ from run to run, so processes are known by name; workers of a pool, who are there for each
 * other, by their role where it does not matter which of them; those without a name by their place in the tree.
 */

/** @import { JsonValue } from "../../protocol.js" */
/** @import { Process, Run } from "../state.js" */

/**
 * A line of output, taken apart: `完成 听音乐 用时 1.25 s` has the template `完成 听音乐 用时 # s` and the number 1.25.
 * @typedef {{ who: string, template: string, numbers: readonly string[] }} Line
 */

/** @typedef {{ task: string, who: string }} Share a task and who did it */

/**
 * @typedef {object} Trace
 * @property {string} run its id
 * @property {number} seed
 * @property {string} outcome
 * @property {number} duration µs
 * @property {readonly Line[]} lines in the order in which they were printed
 * @property {readonly string[]} exits who ended, in that order
 * @property {readonly string[]} tasks which tasks were finished, in that order
 * @property {readonly Share[]} shares by task, in the order in which they were handed in
 * @property {Readonly<Record<string, JsonValue>>} values what each variable was set to last
 * @property {Readonly<Record<string, number>>} colours of the processes, by name, as the run itself is shown
 */

/** Numbers as they are printed: whole, or with a fraction. */
const NUMBER = /\d+(?:\.\d+)?/g;

/**
 * @param {Run} run after its last event
 * @returns {Trace}
 */
export function traceOf(run) {
  const processes = [...run.processes];
  const tasks = [...run.tasks];
  const who = (/** @type {number | null} */ key) => (key === null ? "" : nameOf(run, run.processes.at(key)));
  const ended = processes.filter(({ exited }) => exited !== null).sort((a, b) => (a.exited?.seq ?? 0) - (b.exited?.seq ?? 0));
  const done = tasks.filter(({ state }) => state === "finished").sort((a, b) => (a.ended?.seq ?? 0) - (b.ended?.seq ?? 0));
  return {
    run: run.head?.run ?? "",
    seed: run.head?.seed ?? 0,
    outcome: run.finish?.outcome ?? "crashed",
    duration: run.finish?.duration_us ?? run.t,
    lines: [...run.output].map(({ process, text }) => lineOf(process === null ? "" : roleOf(run, run.processes.at(process)), text)),
    exits: ended.map((process) => nameOf(run, process)),
    tasks: done.map(({ name }) => name),
    shares: tasks.filter(({ worker }) => worker !== null).map(({ name, worker }) => ({ task: name, who: who(worker) })),
    values: valuesOf(run, processes),
    colours: Object.fromEntries(processes.map((process) => [nameOf(run, process), process.colour])),
  };
}

/**
 * @param {string} who
 * @param {string} text
 * @returns {Line}
 */
export function lineOf(who, text) {
  return { who, template: text.replace(NUMBER, "#"), numbers: text.match(NUMBER) ?? [] };
}

/**
 * @param {Run} run
 * @param {Process} process
 * @returns {string}
 */
function nameOf(run, process) {
  return process.name ?? placeOf(run, process);
}

/**
 * As {@link nameOf}, and the same for all workers of pools.
 * @param {Run} run
 * @param {Process} process
 */
function roleOf(run, process) {
  return process.role === "pool-worker" ? WORKER : nameOf(run, process);
}

/** Stands for any worker of a pool. */
export const WORKER = "*";

/**
 * Where it was born in the tree: `1.2` is the second child of the first process.
 * @param {Run} run
 * @param {Process} process
 * @returns {string}
 */
function placeOf(run, process) {
  const { birthParent, key } = process;
  const siblings = [...run.processes].filter((other) => other.birthParent === birthParent);
  const place = String(1 + siblings.findIndex((other) => other.key === key));
  return birthParent === null ? place : `${placeOf(run, run.processes.at(birthParent))}.${place}`;
}

/**
 * @param {Run} run
 * @param {readonly Process[]} processes
 * @returns {Record<string, JsonValue>}
 */
function valuesOf(run, processes) {
  const shared = [...run.shared].map(({ name, value }) => [name, value]);
  const own = processes.flatMap((process) => process.variables.map(({ name, value }) => [`${nameOf(run, process)} · ${name}`, value]));
  return Object.fromEntries([...shared, ...own]);
}
