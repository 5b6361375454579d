/** Locks, semaphores, barriers and shared values over time, and their lanes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { layout } from "../../web/elements/timeline/lanes.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

const family = () => new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "a").born(1, 12, 10, "b");

/** @param {"lock" | "barrier" | "event"} kind */
const thing = (kind) => ({ object: 1, name: "x", kind });

/** @param {Log} log */
const lanes = (log) => layout(foldLog(log.events)).lanes.map(({ kind, key }) => `${kind} ${key}`);

test("how many have a lock and wait for it is known at any time, and who used it", () => {
  const log = family().add(2, "sync.acquired", 11, thing("lock")).add(3, "sync.waiting", 12, thing("lock"));
  log.add(4, "sync.released", 11, thing("lock")).add(5, "sync.acquired", 12, thing("lock"));
  const { levels, users, holds } = foldLog(log.events).objects.at(0);
  assert.deepEqual([...levels].map(({ t, holders, waiters }) => [t / 1000, holders, waiters]), [[2, 1, 0], [3, 1, 1], [4, 0, 1], [5, 1, 0]]);
  assert.deepEqual(users, [1, 2]);
  assert.equal(log.events[holds.at(1).seq - 1]?.t, 5000);
});

test("a process that dies while it waits is no longer counted", () => {
  const log = family().add(2, "sync.waiting", 12, thing("barrier")).dead(3, 12, 10);
  assert.deepEqual([...foldLog(log.events).objects.at(0).levels].map(({ waiters }) => waiters), [1, 0]);
});

test("a lock and a barrier have a lane below those who use them; what one only waits for has none", () => {
  assert.deepEqual(lanes(family().add(2, "sync.acquired", 11, thing("lock"))), ["process 0", "process 1", "sync 0", "process 2"]);
  assert.deepEqual(lanes(family().add(2, "sync.waiting", 12, thing("barrier"))), ["process 0", "process 1", "process 2", "sync 0"]);
  assert.deepEqual(lanes(family().add(2, "sync.waiting", 12, thing("event"))), ["process 0", "process 1", "process 2"]);
});

test("a shared value has a lane below its writers, and each write says whose it was", () => {
  const log = family().add(2, "variable.set", 11, { name: "n", value: 1, shared: 7 }).add(3, "variable.set", 12, { name: "n", value: 2, shared: 7 });
  assert.deepEqual(lanes(log), ["process 0", "process 1", "process 2", "shared 0"]);
  assert.deepEqual([...foldLog(log.events).shared.at(0).history].map(({ process, value }) => [process, value]), [[1, 1], [2, 2]]);
});

test("of many locks the first have lanes", () => {
  const log = family();
  for (let object = 1; object <= 20; object += 1) log.add(2, "sync.acquired", 11, { object, name: `l${object}`, kind: "lock" });
  assert.equal(lanes(log).filter((lane) => lane.startsWith("sync")).length, 8);
});
