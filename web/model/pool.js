/** How well a pool was used: how many tasks were under way at once, and how long somebody stood waiting for results. */

/** @import { Vector } from "../base/vector.js" */
/** @import { Process, Run, Task } from "./state.js" */

/**
 * @typedef {object} Use
 * @property {number} workers how many workers there were
 * @property {number} most the most tasks that were under way at once
 * @property {Process | null} waiter who waited longest for results
 * @property {number} waited_us how long that process waited for results in all
 * @property {boolean} isOneByOne nobody hands in a task before the former is done, though there are workers for more
 */

/** A process that spends more of the time of all tasks than this waiting for results cannot hand in others. */
const MOSTLY = 0.6;

/** The most tasks at once, by list of tasks: lists never change. @type {WeakMap<Vector<Task>, number>} */
const peaks = new WeakMap();

/**
 * @param {Run} run
 * @returns {Use}
 */
export function useOf(run) {
  const { processes, tasks, t } = run;
  const workers = [...processes].filter(({ role }) => role === "pool-worker").length;
  const most = mostAtOnce(tasks);
  let [waiter, waited_us] = [/** @type {Process | null} */ (null), 0];
  for (const process of processes) {
    const waited = waitedForTasks(run, process);
    if (waited > waited_us) [waiter, waited_us] = [process, waited];
  }
  const isOneByOne = workers > 1 && most === 1 && tasks.length > 1 && waited_us > MOSTLY * spanOf(tasks, t);
  return { workers, most, waiter, waited_us, isOneByOne };
}

/** @param {Vector<Task>} tasks */
function mostAtOnce(tasks) {
  const known = peaks.get(tasks);
  if (known !== undefined) return known;
  const begun = [...tasks].filter(({ started }) => started !== null);
  const steps = begun.flatMap(({ started, ended }) => [{ seq: started?.seq ?? 0, by: 1 }, ...(ended ? [{ seq: ended.seq, by: -1 }] : [])]);
  let [now, most] = [0, 0];
  for (const { by } of steps.sort((a, b) => a.seq - b.seq)) most = Math.max(most, (now += by));
  peaks.set(tasks, most);
  return most;
}

/**
 * @param {Run} run
 * @param {Process} process
 */
function waitedForTasks({ objects, t }, { waits, submitted }) {
  if (submitted.length === 0) return 0;
  let waited = 0;
  for (const { on, key, start, end } of waits) if (on === "sync" && objects.at(key).kind === "task") waited += (end ?? t) - start;
  return waited;
}

/**
 * From the first task handed in to the last one done.
 * @param {Vector<Task>} tasks
 * @param {number} now
 */
function spanOf(tasks, now) {
  const first = tasks.at(0).submitted?.t ?? 0;
  const last = [...tasks].reduce((latest, { ended, started }) => Math.max(latest, ended?.t ?? (started ? now : 0)), first);
  return Math.max(last - first, 1);
}
