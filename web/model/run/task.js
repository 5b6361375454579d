/** Tasks of pools: handed in, begun, ended, answered; lost when the worker dies in the middle. */

import { moment } from "../state.js";
import { renewed } from "./draft.js";
import { changed, keyOf } from "./process.js";

/** @import { Event } from "../../protocol.js" */
/** @import { Run, Task } from "../state.js" */
/** @import { EventOf } from "./process.js" */

/**
 * @param {Run} run
 * @param {EventOf<"task.submitted">} event
 * @returns {Run}
 */
export function submitted(run, event) {
  const by = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  const noted = altered(known, key, () => ({ submitted: moment(event, by) }));
  return changed(noted, by, (process) => ({ submitted: process.submitted.push(key) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"task.started">} event
 * @returns {Run}
 */
export function started(run, event) {
  const worker = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  const begun = altered(known, key, () => ({
    state: "running",
    worker,
    started: moment(event, worker),
    ended: null,
  }));
  return changed(begun, worker, ({ tasks }) => ({ task: key, tasks: tasks.push(key) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"task.finished">} event
 * @returns {Run}
 */
export function finished(run, event) {
  return ended(run, event, { state: "finished", value: event.value });
}

/**
 * @param {Run} run
 * @param {EventOf<"task.failed">} event
 * @returns {Run}
 */
export function failed(run, event) {
  return ended(run, event, { state: "failed", error: event.error });
}

/**
 * @param {Run} run
 * @param {EventOf<"task.finished" | "task.failed">} event
 * @param {Partial<Task>} how
 * @returns {Run}
 */
function ended(run, event, how) {
  const worker = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  const over = altered(known, key, (task) => ({
    ...how,
    worker: task.worker ?? worker,
    ended: moment(event, worker),
  }));
  // It is idle now, inside the library: it stands on no line of the program.
  return changed(over, worker, ({ task, at, done }) => ({
    ...(task === key ? { task: null, at: null } : { task, at }),
    done: done + 1,
  }));
}

/**
 * @param {Run} run
 * @param {EventOf<"task.callback">} event
 * @returns {Run}
 */
export function calledBack(run, event) {
  const by = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  const answered = altered(known, key, () => ({ callback: moment(event, by) }));
  return changed(answered, by, ({ callbacks }) => ({ callbacks: callbacks.push(key) }));
}

/**
 * The run after a process died: the task it worked on is lost.
 * @param {Run} run
 * @param {EventOf<"process.exited">} event
 * @returns {Run}
 */
export function lostBy(run, event) {
  const worker = keyOf(run, event.pid);
  const key = worker === null ? null : run.processes.at(worker).task;
  if (key === null) return run;
  const without = altered(run, key, () => ({ state: "lost", ended: moment(event, worker) }));
  return changed(without, worker, () => ({ task: null }));
}

/**
 * The run with the task in it, and the task's key.
 * @param {Run} run
 * @param {Event & { task: number, name: string }} event
 * @returns {[Run, number]}
 */
function mentioned(run, { task: id, name }) {
  const known = run.index.task.get(id);
  if (known !== undefined) return [run, known];
  const key = run.tasks.length;
  /** @type {Task} */
  const task = {
    key,
    id,
    name,
    state: "submitted",
    worker: null,
    submitted: null,
    started: null,
    ended: null,
    callback: null,
    value: undefined,
    error: null,
  };
  return [{ ...run, tasks: run.tasks.push(task), index: { ...run.index, task: run.index.task.set(id, key) } }, key];
}

/**
 * @param {Run} run
 * @param {number} key
 * @param {(task: Task) => Partial<Task>} change
 * @returns {Run}
 */
function altered(run, key, change) {
  const task = run.tasks.at(key);
  const next = renewed(task, change(task));
  return next === task ? run : renewed(run, { tasks: run.tasks.with(key, next) });
}
