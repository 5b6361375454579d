/**
 * What each process waits for, and who could end that wait: the ground on which `waits.js` tells who is stuck.
 *
 * Two witnesses are heard. The program says for *what* it waits (a lock, a queue, a result); the kernel says that it
 * really sleeps, and whether that sleep ends by itself (`futex(timeout)`, `nanosleep`). Where the program says nothing,
 * the kernel's word alone is a need: `wait4(4712)` waits for that process, a `futex` for anybody who wakes it.
 */

/** @import { Op } from "../../protocol.js" */
/** @import { Process, Run, SyncState, Wait } from "../state.js" */

/**
 * What is waited for.
 * @typedef {{ kind: "object", key: number }
 *   | { kind: "queue", key: number, op: Op }
 *   | { kind: "task", key: number }
 *   | { kind: "process", key: number }
 *   | { kind: "child" }
 *   | { kind: "kernel", words: string }} Thing `object`: a lock or the like; `child`: any child; `kernel`: all the kernel says
 */

/**
 * Who could end a wait. `these`: only one of them; `anyone`: any other process, as far as one can know; `nobody`: what
 * could have ended it is gone; `itself`: nothing is in the way any more, it only has not gone on yet.
 * @typedef {"these" | "anyone" | "nobody" | "itself"} Ender
 */

/**
 * @typedef {object} Need
 * @property {number} process key of who waits
 * @property {Thing} thing
 * @property {number} since µs of the run
 * @property {Ender} ender
 * @property {readonly number[]} whom keys: of `these`, or of the dead for whom `nobody` comes
 */

/** Calls in which one waits for another process. Signals, terminals and timers are not among them. */
const FOR_OTHERS = /^(futex|poll|select|epoll_wait|semop|msgrcv|msgsnd|flock|fcntl|wait4|waitid|(read|write|recv|send)\((pipe|socket|eventfd)\)|wait(4|id)\(\d+\))$/;

/**
 * Whether the kernel says that a process sleeps until another one acts, and that nothing else ends its sleep. The
 * sampler tells only changes, so its last word holds.
 * @param {Process} process
 */
export function sleepsForOthers({ exited, stops, samples }) {
  const sample = samples.last;
  if (exited !== null || sample === undefined || stops.last?.end === null) return false;
  return (sample.state === "S" || sample.state === "D") && sample.waiting !== null && FOR_OTHERS.test(sample.waiting);
}

/**
 * What a process waits for: by its own word where it says one, else by the kernel's. All of it must be hopeless before
 * the process is, for each may be another thread's.
 * @param {Run} run
 * @param {Process} process alive
 * @returns {Need[]}
 */
export function needsOf(run, process) {
  const told = process.pending.map((place) => toldNeed(run, process, process.waits.at(place)));
  return told.length > 0 ? told : kernelNeed(run, process);
}

/**
 * @param {Run} run
 * @param {Process} process
 * @param {Wait} wait
 * @returns {Need}
 */
function toldNeed(run, { key: process }, { on, key, op, start: since }) {
  if (on === "queue") return { process, since, thing: { kind: "queue", key, op: op ?? "get" }, ender: "anyone", whom: [] };
  return { process, since, ...objectNeed(run, process, run.objects.at(key)) };
}

/**
 * @param {Run} run
 * @param {number} process
 * @param {SyncState} object
 * @returns {Pick<Need, "thing" | "ender" | "whom">}
 */
function objectNeed(run, process, object) {
  switch (object.kind) {
    case "lock":
      return { thing: { kind: "object", key: object.key }, ...lockEnder(run, process, object) };
    case "process":
      return processNeed(run, object.id);
    case "task":
      return taskNeed(run, object);
    case "semaphore":
    case "event":
    case "barrier":
    case "condition":
    case "pipe":
      return { thing: { kind: "object", key: object.key }, ender: "anyone", whom: [] };
  }
}

/**
 * A lock comes from its holder. One that a process waits for while it has it may be meant as a signal from another.
 * @param {Run} run
 * @param {number} process
 * @param {SyncState} lock
 * @returns {Pick<Need, "ender" | "whom">}
 */
function lockEnder(run, process, { holders }) {
  const whom = holders.map((holder) => holder.process);
  if (whom.length === 0) return { ender: "itself", whom };
  if (whom.includes(process)) return { ender: "anyone", whom };
  return { ender: whom.some((key) => run.processes.at(key).exited === null) ? "these" : "nobody", whom };
}

/**
 * @param {Run} run
 * @param {number} pid
 * @returns {Pick<Need, "thing" | "ender" | "whom">}
 */
function processNeed(run, pid) {
  const key = run.index.pid.get(pid);
  if (key === undefined) return { thing: { kind: "kernel", words: `wait4(${pid})` }, ender: "itself", whom: [] };
  return { thing: { kind: "process", key }, ender: run.processes.at(key).exited ? "itself" : "these", whom: [key] };
}

/**
 * The result of a task comes from the worker that runs it; from any as long as none does; from none when it was lost.
 * @param {Run} run
 * @param {SyncState} object
 * @returns {Pick<Need, "thing" | "ender" | "whom">}
 */
function taskNeed(run, object) {
  const key = run.index.task.get(object.id);
  if (key === undefined) return { thing: { kind: "object", key: object.key }, ender: "anyone", whom: [] };
  const { state, worker } = run.tasks.at(key);
  const whom = worker === null ? [] : [worker];
  /** @type {Record<typeof state, Ender>} */
  const enders = { submitted: "anyone", running: worker === null ? "anyone" : "these", lost: "nobody", finished: "itself", failed: "itself" };
  return { thing: { kind: "task", key }, ender: enders[state], whom };
}

/**
 * @param {Run} run
 * @param {Process} process
 * @returns {Need[]}
 */
function kernelNeed(run, process) {
  const sample = process.samples.last;
  if (sample === undefined || sample.waiting === null || sample.state === "R") return [];
  const since = process.waiting?.since ?? sample.t;
  const pid = /^wait(?:4|id)\((\d+)\)$/.exec(sample.waiting)?.[1];
  if (pid !== undefined) return [{ process: process.key, since, ...processNeed(run, Number(pid)) }];
  if (!sample.waiting.startsWith("wait")) return [{ process: process.key, since, thing: { kind: "kernel", words: sample.waiting }, ender: "anyone", whom: [] }];
  const children = process.children.filter((key) => run.processes.at(key).reaped === null);
  const isDue = children.length === 0 || children.some((key) => run.processes.at(key).exited !== null);
  return [{ process: process.key, since, thing: { kind: "child" }, ender: isDue ? "itself" : "these", whom: children }];
}
