/**
 * Which event made which possible: an item's `put` and its `get`, a task from hand to hand, a signal and the end it
 * brought, an exit and its burial. The keys `[` and `]` walk along these.
 */

import { processAt } from "./lookup.js";

/** @import { Event } from "../protocol.js" */
/** @import { Process, Run } from "./state.js" */

/**
 * The event that made this one possible.
 * @param {Event} event
 * @param {Run} run the latest state
 * @returns {number | null} its `seq`
 */
export function causeOf(event, run) {
  const chain = chainOf(event, run);
  const place = chain.indexOf(event.seq);
  return place > 0 ? (chain[place - 1] ?? null) : null;
}

/**
 * The event that this one made possible.
 * @param {Event} event
 * @param {Run} run the latest state
 * @returns {number | null} its `seq`
 */
export function effectOf(event, run) {
  const chain = chainOf(event, run);
  const place = chain.indexOf(event.seq);
  return place < 0 ? null : (chain[place + 1] ?? null);
}

/**
 * The events that belong together with this one, causes before effects.
 * @param {Event} event
 * @param {Run} run
 * @returns {number[]}
 */
function chainOf(event, run) {
  if ("task" in event) return taskChain(run, event.task);
  if (event.type === "queue.put" || event.type === "queue.get") return itemChain(run, event.queue, event.item);
  const process = processAt(run, event.pid, event.seq);
  return process === null ? [] : processChain(process);
}

/**
 * @param {Run} run
 * @param {number} id
 */
function taskChain(run, id) {
  const key = run.index.task.get(id);
  if (key === undefined) return [];
  const { submitted, started, ended, callback } = run.tasks.at(key);
  return inOrder([submitted, started, ended, callback]);
}

/**
 * @param {Run} run
 * @param {number} queue
 * @param {number} item
 */
function itemChain(run, queue, item) {
  const place = run.index.queue.get(queue);
  const key = place === undefined ? undefined : run.queues.at(place).keyOf.get(item);
  if (key === undefined) return [];
  const { put, got } = run.items.at(key);
  return inOrder([put, got]);
}

/** @param {Process} process */
function processChain({ started, exited, zombie, reaped, signals }) {
  const fatal = exited?.signal ? [...signals].findLast(({ signal }) => signal === exited.signal) : undefined;
  return inOrder([started, fatal ?? null, exited, zombie, reaped]);
}

/** @param {readonly ({ seq: number } | null)[]} moments */
function inOrder(moments) {
  return moments.filter((moment) => moment !== null).map(({ seq }) => seq);
}
