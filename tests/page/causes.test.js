/** Which event made which possible. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { causeOf, effectOf } from "../../web/model/causes.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/**
 * The kinds of the events from the first cause to the last effect.
 * @param {Log} log
 * @param {number} seq of any of them
 */
function chain(log, seq) {
  const run = foldLog(log.events);
  const at = (/** @type {number} */ place) => /** @type {any} */ (log.events[place - 1]);
  let first = seq;
  for (let cause = causeOf(at(first), run); cause !== null; cause = causeOf(at(first), run)) first = cause;
  const kinds = [];
  for (let next = /** @type {number | null} */ (first); next !== null; next = effectOf(at(next), run)) kinds.push(at(next).type);
  return kinds;
}

test("a task is followed from hand to hand", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "worker");
  for (const task of [1, 2]) log.add(2, "task.submitted", 10, { task, name: "t" });
  for (const task of [2, 1]) log.add(3, "task.started", 11, { task, name: "t" }).add(4, "task.finished", 11, { task, name: "t", value: 1 });
  log.add(5, "task.callback", 10, { task: 2, name: "t", value: 1 });
  const finished = log.events.findIndex((event) => event.type === "task.finished" && event.task === 2) + 1;
  assert.deepEqual(chain(log, finished), ["task.submitted", "task.started", "task.finished", "task.callback"]);
});

test("an item is followed from put to get, in its own queue", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  for (const queue of [1, 2]) log.add(1, "queue.put", 10, { queue, item: 1, size: 1, bytes: 1 });
  log.add(2, "queue.get", 10, { queue: 2, item: 1, size: 0, bytes: 1 });
  assert.equal(causeOf(/** @type {any} */ (log.events.at(-1)), foldLog(log.events)), 5);
  assert.deepEqual(chain(log, 4), ["queue.put"]);
});

test("a signal that killed belongs to the end it brought", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "child");
  log.add(2, "process.signaled", 11, { signal: "SIGKILL", from: 10 }).dead(3, 11, 10, "SIGKILL");
  const killed = ["process.started", "process.signaled", "process.exited", "process.zombie", "process.reaped"];
  assert.deepEqual(chain(log, 7), killed);
});
