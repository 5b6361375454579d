/** Queues: what lies in them, who put and took it, who waits for room or for an item. */

import { NumberMap } from "../../base/number-map.js";
import { Vector } from "../../base/vector.js";
import { moment } from "../state.js";
import { renewed } from "./draft.js";
import { changed, keyOf, waitBegan, waitEnded } from "./process.js";

/** @import { Op } from "../../protocol.js" */
/** @import { Item, Queue, Run } from "../state.js" */
/** @import { EventOf } from "./process.js" */

/**
 * @param {Run} run
 * @param {EventOf<"queue.created">} event
 * @returns {Run}
 */
export function created(run, event) {
  const [known, key] = mentioned(run, event.queue);
  const { name, capacity } = event;
  return altered(known, key, () => ({ name, capacity, created: moment(event, keyOf(run, event.pid)) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"queue.put">} event
 * @returns {Run}
 */
export function put(run, event) {
  const by = keyOf(run, event.pid);
  const [known, queue] = mentioned(run, event.queue);
  const [added, key] = itemAdded(known, queue, event);
  const queued = altered(added, queue, ({ items }) => ({ items: items.push(key) }));
  const filled = resized(used(queued, queue, by, "put"), queue, event);
  const item = { ...filled.items.at(key), put: moment(event, by) };
  return changed({ ...filled, items: filled.items.with(key, item) }, by, ({ puts }) => ({ puts: puts.push(key) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"queue.get">} event
 * @returns {Run}
 */
export function got(run, event) {
  const by = keyOf(run, event.pid);
  const [known, queue] = mentioned(run, event.queue);
  const found = known.queues.at(queue).keyOf.get(event.item);
  const [added, key] = found === undefined ? itemAdded(known, queue, event) : [known, found];
  const before = added.items.at(key);
  const item = { ...before, value: before.value ?? event.value, got: moment(event, by) };
  const emptied = { ...added, items: added.items.with(key, item) };
  const taken = resized(used(emptied, queue, by, "get"), queue, event);
  const headed = altered(taken, queue, (state) => ({ head: firstLeft(taken, state) }));
  return changed(headed, by, ({ gets }) => ({ gets: gets.push(key) }));
}

/**
 * The keys of the items that lie in a queue, in the order in which they were put.
 * @param {Run} run
 * @param {Queue} queue
 * @returns {number[]}
 */
export function contents(run, queue) {
  return [...queue.items.from(queue.head)].filter((key) => run.items.at(key).got === null);
}

/**
 * @param {Run} run
 * @param {Queue} queue
 */
function firstLeft(run, { items, head }) {
  let place = head;
  while (place < items.length && run.items.at(items.at(place)).got !== null) place += 1;
  return place;
}

/**
 * @param {Run} run
 * @param {number} queue key
 * @param {EventOf<"queue.put" | "queue.get">} event
 * @returns {[Run, number]} the run with the item, and its key
 */
function itemAdded(run, queue, { item: id, bytes, value }) {
  const key = run.items.length;
  /** @type {Item} */
  const item = { key, id, queue, bytes, value, put: null, got: null };
  const grown = { ...run, items: run.items.push(item) };
  return [altered(grown, queue, ({ keyOf: keys }) => ({ keyOf: keys.set(id, key) })), key];
}

/**
 * @param {Run} run
 * @param {number} queue key
 * @param {EventOf<"queue.put" | "queue.get">} event
 * @returns {Run}
 */
function resized(run, queue, { t, size }) {
  return altered(run, queue, ({ levels, peak }) => ({
    size,
    peak: Math.max(peak, size),
    levels: levels.push({ t, size }),
  }));
}

/**
 * The run with a process among those who use that end of a queue.
 * @param {Run} run
 * @param {number} queue key
 * @param {number | null} process
 * @param {Op} op
 * @returns {Run}
 */
function used(run, queue, process, op) {
  const end = op === "put" ? "putters" : "getters";
  const users = run.queues.at(queue)[end];
  if (process === null || users.includes(process)) return run;
  return altered(run, queue, () => ({ [end]: [...users, process] }));
}

/**
 * @param {Run} run
 * @param {EventOf<"queue.blocked">} event
 * @returns {Run}
 */
export function blocked(run, { pid, t, seq, queue: id, op }) {
  const process = keyOf(run, pid);
  const [known, key] = mentioned(run, id);
  if (process === null) return known;
  const waiting = altered(known, key, ({ blocked: others }) => ({
    blocked: [...others, { process, op, since: t, seq }],
  }));
  return waitBegan(used(waiting, key, process, op), process, { on: "queue", key, op, start: t, seq });
}

/**
 * @param {Run} run
 * @param {EventOf<"queue.unblocked" | "queue.timeout">} event
 * @param {"done" | "timeout"} outcome
 * @returns {Run}
 */
export function unblocked(run, { pid, t, queue: id, op }, outcome) {
  const process = keyOf(run, pid);
  const [known, key] = mentioned(run, id);
  if (process === null) return known;
  const freed = altered(known, key, (queue) => ({ blocked: withoutOne(queue.blocked, process, op) }));
  return waitEnded(freed, process, { on: "queue", key, op }, t, outcome);
}

/**
 * @param {Queue["blocked"]} blocked
 * @param {number} process
 * @param {Op} op
 */
function withoutOne(blocked, process, op) {
  const place = blocked.findIndex((entry) => entry.process === process && entry.op === op);
  return place < 0 ? blocked : blocked.filter((_, other) => other !== place);
}

/**
 * The run after a process died: it waits for no queue any more.
 * @param {Run} run
 * @param {EventOf<"process.exited">} event
 * @returns {Run}
 */
export function leftBy(run, { pid }) {
  const process = keyOf(run, pid);
  let left = run;
  for (const { key, blocked: entries } of run.queues) {
    const others = entries.filter((entry) => entry.process !== process);
    if (others.length < entries.length) left = altered(left, key, () => ({ blocked: others }));
  }
  return left;
}

/**
 * The run with the queue in it, and the queue's key.
 * @param {Run} run
 * @param {number} id
 * @returns {[Run, number]}
 */
function mentioned(run, id) {
  const known = run.index.queue.get(id);
  if (known !== undefined) return [run, known];
  const key = run.queues.length;
  /** @type {Queue} */
  const queue = {
    key,
    id,
    name: `Queue-${id}`,
    capacity: 0,
    created: null,
    size: 0,
    peak: 0,
    levels: Vector.empty(),
    items: Vector.empty(),
    head: 0,
    blocked: [],
    putters: [],
    getters: [],
    keyOf: NumberMap.empty(),
  };
  const index = { ...run.index, queue: run.index.queue.set(id, key) };
  return [{ ...run, queues: run.queues.push(queue), index }, key];
}

/**
 * @param {Run} run
 * @param {number} key
 * @param {(queue: Queue) => Partial<Queue>} change
 * @returns {Run}
 */
function altered(run, key, change) {
  const queue = run.queues.at(key);
  const next = renewed(queue, change(queue));
  return next === queue ? run : renewed(run, { queues: run.queues.with(key, next) });
}
