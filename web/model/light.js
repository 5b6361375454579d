/**
 * One picture: what belongs together with the thing that the reader points at or has selected, in whatever view.
 *
 * A process belongs with the lines it ran; a line with all processes that ran it; a task with its worker; an item with
 * who put it and who got it; an event with its process, its line, and the task or item it is about.
 */

import { processAt } from "./lookup.js";

/** @import { Event } from "../protocol.js" */
/** @import { Moment, Run } from "./state.js" */

/**
 * A thing of the run: a key, for an event its `seq`, for a line of the program its number.
 * @typedef {{ kind: "process" | "task" | "item" | "event" | "line", key: number }} Pointed
 */

/**
 * What is lit: keys, and for events their `seq`, for lines their number.
 * @typedef {object} Light
 * @property {ReadonlySet<number>} processes
 * @property {ReadonlySet<number>} tasks
 * @property {ReadonlySet<number>} items
 * @property {ReadonlySet<number>} events
 * @property {ReadonlySet<number>} lines
 */

const NONE = new Set();

/** Nothing is lit. @type {Light} */
export const DARK = Object.freeze({ processes: NONE, tasks: NONE, items: NONE, events: NONE, lines: NONE });

/**
 * What is lit when the reader points at something.
 * @param {Pointed | null} pointed what is no longer there lights nothing
 * @param {Run} run
 * @param {readonly Event[]} events the run's
 * @returns {Light}
 */
export function lightOf(pointed, run, events) {
  if (pointed === null) return DARK;
  const { kind, key } = pointed;
  if (kind === "line") return { ...DARK, lines: new Set([key]), processes: new Set(whoRan(run, key)) };
  if (kind === "process" && key < run.processes.length) return ofProcess(run, key);
  if (kind === "task" && key < run.tasks.length) return ofTask(run, key);
  if (kind === "item" && key < run.items.length) return ofItem(run, key);
  const event = kind === "event" ? events[key - 1] : undefined;
  return event ? ofEvent(event, run) : DARK;
}

/**
 * Whether two readers' hands are on the same thing.
 * @param {Pointed | null} one
 * @param {Pointed | null} other
 */
export function isSame(one, other) {
  return one?.kind === other?.kind && one?.key === other?.key;
}

/**
 * @param {Run} run
 * @param {number} line
 */
function whoRan({ processes }, line) {
  return [...processes].filter(({ ran }) => ran.some((at) => at.line === line)).map(({ key }) => key);
}

/**
 * @param {Run} run
 * @param {number} key
 * @returns {Light}
 */
function ofProcess({ processes }, key) {
  return { ...DARK, processes: new Set([key]), lines: new Set(processes.at(key).ran.map(({ line }) => line)) };
}

/**
 * @param {Run} run
 * @param {number} key
 * @returns {Light}
 */
function ofTask({ tasks }, key) {
  const { worker, submitted, started, ended, callback } = tasks.at(key);
  const processes = worker ?? submitted?.process ?? null;
  return { ...DARK, tasks: new Set([key]), processes: new Set(processes === null ? [] : [processes]), lines: linesOf([submitted, started, ended, callback]) };
}

/**
 * @param {Run} run
 * @param {number} key
 * @returns {Light}
 */
function ofItem({ items }, key) {
  const { put, got } = items.at(key);
  const processes = [put, got].flatMap((moment) => moment?.process ?? []);
  return { ...DARK, items: new Set([key]), processes: new Set(processes), lines: linesOf([put, got]) };
}

/**
 * @param {Event} event
 * @param {Run} run
 * @returns {Light}
 */
function ofEvent(event, run) {
  const process = processAt(run, event.pid, event.seq);
  const task = "task" in event ? run.index.task.get(event.task) : undefined;
  return {
    ...DARK,
    events: new Set([event.seq]),
    processes: new Set(process ? [process.key] : []),
    tasks: new Set(task === undefined ? [] : [task]),
    items: new Set(itemOf(event, run)),
    lines: new Set(event.at ? [event.at.line] : []),
  };
}

/**
 * @param {Event} event
 * @param {Run} run
 * @returns {number[]}
 */
function itemOf(event, { index, queues }) {
  if (event.type !== "queue.put" && event.type !== "queue.get") return [];
  const queue = index.queue.get(event.queue);
  const key = queue === undefined ? undefined : queues.at(queue).keyOf.get(event.item);
  return key === undefined ? [] : [key];
}

/** @param {readonly (Moment | null)[]} moments */
function linesOf(moments) {
  return new Set(moments.flatMap((moment) => moment?.at?.line ?? []));
}
