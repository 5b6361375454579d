/**
 * What a whole run comes to, in numbers: the ground on which two runs are compared. It knows no scenario.
 *
 * A number is null where the run has nothing of the kind (no task, no queue, no sample), so that nothing is compared
 * that means nothing.
 */

import { processAt } from "../lookup.js";

/** @import { Event, Outcome } from "../../protocol.js" */
/** @import { Process, Run, Wait } from "../state.js" */
/** @import { Finding } from "../waits.js" */

/**
 * @typedef {object} Facts
 * @property {number} duration_us
 * @property {Outcome | null} outcome null while it goes on
 * @property {Finding["kind"] | null} stuck why some waited for ever
 * @property {readonly string[]} processes what each is called, in order of birth; one without a name is called as its program
 * @property {readonly { name: string, end: string }[]} failed who ended by a signal or with another code than 0, by itself: not when the whole run was ended
 * @property {number} orphans how many outlived their parent, which ended by itself
 * @property {number} zombie_us the longest that one waited, dead, for its status to be read
 * @property {number} cpu_us of all processes
 * @property {number | null} boot_us from the birth of a process until it runs the program's code and says its name; the mean
 * @property {number | null} memory_kib the most that one process had in memory
 * @property {number | null} private_kib what the processes had each for itself, at the most, added up
 * @property {TaskFacts | null} tasks
 * @property {{ put_us: number, get_us: number, peak: number } | null} queues time waited by all processes, and the most items
 * @property {number | null} sync_us time waited by all processes for locks and the like
 * @property {readonly string[]} lines what was printed (errors apart, which each language words in its own way), in order, without what is another number in every run
 * @property {readonly { name: string, value: number }[]} values the last values of variables that are numbers: shared ones, and the first process's. Of a list CPython tells only what it was assigned
 */

/**
 * @typedef {object} TaskFacts
 * @property {number} submitted
 * @property {number} done
 * @property {number} atOnce how many were under way at once, at most
 * @property {number | null} latency_us from hand to result, the mean
 * @property {number} results_us time waited for results by all processes
 */

/**
 * @param {{ events: readonly Event[], run: Run }} log all of it, and the last state
 * @param {Finding["kind"] | null} stuck
 * @returns {Facts}
 */
export function factsOf({ events, run }, stuck) {
  const processes = [...run.processes];
  const zombies = processes.flatMap(({ zombie }) => zombie ?? []);
  return {
    duration_us: run.finish?.duration_us ?? run.t,
    outcome: run.finish?.outcome ?? null,
    stuck,
    processes: processes.map(nameOf),
    failed: processes.flatMap((process) => failureOf(run, process)),
    orphans: processes.filter((process) => isOrphan(run, process)).length,
    zombie_us: most(processes.map(({ zombie, reaped }) => (zombie ? (reaped?.t ?? run.t) - zombie.t : 0))) ?? 0,
    cpu_us: sum(zombies.map(({ user_us, sys_us }) => user_us + sys_us)),
    boot_us: mean(events.flatMap((event) => bootOf(run, event))),
    memory_kib: most(zombies.map(({ max_rss_kib }) => max_rss_kib)),
    private_kib: privateOf(processes),
    tasks: run.tasks.length > 0 ? tasksOf(run) : null,
    queues: run.queues.length > 0 ? queuesOf(run) : null,
    sync_us: run.objects.length > 0 ? waited(run, ({ on, key }) => on === "sync" && !HANDED.has(run.objects.at(key).kind)) : null,
    lines: linesOf(run),
    values: valuesOf(run),
  };
}

/** What is waited for as a result or an end, and not because others have it. */
const HANDED = new Set(["task", "process"]);

/** @param {Process} process */
function nameOf({ name, label, exe, pid }) {
  return name ?? (label === String(pid) ? (exe?.split("/").at(-1) ?? "?") : label);
}

/**
 * @param {Run} run
 * @param {Process} process
 * @returns {{ name: string, end: string }[]}
 */
function failureOf({ lastCall }, process) {
  const { exited } = process;
  if (exited === null || exited.code === 0 || (lastCall !== null && exited.seq > lastCall.seq)) return [];
  return [{ name: nameOf(process), end: String(exited.signal ?? exited.code) }];
}

/**
 * @param {Run} run
 * @param {Process} process
 */
function isOrphan({ processes, lastCall }, { birthParent, exited }) {
  const death = birthParent === null ? null : processes.at(birthParent).exited;
  if (death === null || (lastCall !== null && death.seq > lastCall.seq)) return false;
  return exited === null || exited.seq > death.seq;
}

/**
 * The resource tracker is left out: nobody waits until it runs.
 * @param {Run} run
 * @param {Event} event
 * @returns {number[]}
 */
function bootOf(run, event) {
  if (event.type !== "process.named" || event.role === "resource-tracker") return [];
  const process = processAt(run, event.pid, event.seq);
  return process === null ? [] : [event.t - process.started.t];
}

/** @param {readonly Process[]} processes */
function privateOf(processes) {
  const peaks = processes.map(({ samples }) => most([...samples].flatMap(({ private_kib }) => private_kib ?? [])));
  return peaks.some((peak) => peak !== null) ? sum(peaks.map((peak) => peak ?? 0)) : null;
}

/** @param {Run} run @returns {TaskFacts} */
function tasksOf(run) {
  const tasks = [...run.tasks];
  const latencies = tasks.flatMap(({ submitted, ended }) => (submitted && ended ? [ended.t - submitted.t] : []));
  return {
    submitted: tasks.length,
    done: tasks.filter(({ state }) => state === "finished").length,
    atOnce: atOnce(tasks.flatMap(({ started, ended }) => (started ? [{ start: started.seq, end: ended?.seq ?? Infinity }] : []))),
    latency_us: mean(latencies),
    results_us: waited(run, ({ on, key }) => on === "sync" && run.objects.at(key).kind === "task"),
  };
}

/** @param {Run} run */
function queuesOf(run) {
  const ofOp = (/** @type {string} */ op) => waited(run, (wait) => wait.on === "queue" && wait.op === op);
  return { put_us: ofOp("put"), get_us: ofOp("get"), peak: most([...run.queues].map(({ peak }) => peak)) ?? 0 };
}

/**
 * How long all processes together waited for something.
 * @param {Run} run
 * @param {(wait: Wait) => boolean} isMeant
 */
function waited(run, isMeant) {
  const waits = [...run.processes].flatMap((process) => [...process.waits].filter(isMeant));
  return sum(waits.map(({ start, end }) => (end ?? run.t) - start));
}

/**
 * How many spans are open at once, at most.
 * @param {readonly { start: number, end: number }[]} spans by `seq`
 */
function atOnce(spans) {
  const steps = spans.flatMap(({ start, end }) => [{ at: start, step: 1 }, { at: end, step: -1 }]).sort((a, b) => a.at - b.at);
  let [open, peak] = [0, 0];
  for (const { step } of steps) {
    open += step;
    peak = Math.max(peak, open);
  }
  return peak;
}

/**
 * What was printed, so that runs can be compared: pids and measured times are others in each.
 * @param {Run} run
 */
function linesOf({ processes, output, head }) {
  const pids = new Set([...processes].map(({ pid }) => String(pid)).concat(String(head?.supervisor)));
  return [...output].filter(({ stream }) => stream === "stdout").map(({ text }) => text.replace(/\d+(\.\d+)?/g, (number, fraction) => (pids.has(number) ? "{pid}" : fraction ? "{s}" : number)));
}

/**
 * @param {Run} run
 * @returns {{ name: string, value: number }[]}
 */
function valuesOf({ shared, processes }) {
  const own = processes.length > 0 ? processes.at(0).variables : [];
  const names = new Set([...shared].map(({ name }) => name));
  const all = [...shared, ...own.filter(({ name }) => !names.has(name))];
  return all.flatMap(({ name, value }) => (typeof value === "number" ? { name, value } : []));
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** @param {readonly number[]} numbers */
function mean(numbers) {
  return numbers.length > 0 ? sum(numbers) / numbers.length : null;
}

/** @param {readonly number[]} numbers */
function most(numbers) {
  return numbers.length > 0 ? Math.max(...numbers) : null;
}
