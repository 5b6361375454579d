/** How well a pool was used. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { useOf } from "../../web/model/pool.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** A main process with two workers. */
function pool() {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  for (const pid of [11, 12]) log.born(1, pid, 10).add(1, "process.named", pid, { name: `W-${pid}`, role: "pool-worker" });
  return log;
}

/** @param {Log} log @param {number} ms @param {number} task @param {number} worker @param {boolean} isWaited */
function work(log, ms, task, worker, isWaited) {
  const name = `t${task}`;
  log.add(ms, "task.submitted", 10, { task, name });
  if (isWaited) log.add(ms, "sync.waiting", 10, { object: task, name, kind: "task" });
  log.add(ms, "task.started", worker, { task, name }).add(ms + 10, "task.finished", worker, { task, name, value: null });
  return isWaited ? log.add(ms + 10, "sync.acquired", 10, { object: task, name, kind: "task" }) : log;
}

test("apply: one task at a time, and whoever handed it in waits for each", () => {
  const use = useOf(foldLog(work(work(pool(), 2, 1, 11, true), 13, 2, 12, true).events));
  assert.deepEqual([use.workers, use.most, use.waiter?.label, use.waited_us, use.isOneByOne], [2, 1, "main", 20_000, true]);
});

test("apply_async: tasks side by side, and nobody waits", () => {
  const log = pool();
  for (const task of [1, 2]) log.add(2, "task.submitted", 10, { task, name: "t" });
  for (const task of [1, 2]) log.add(3, "task.started", 10 + task, { task, name: "t" });
  const use = useOf(foldLog(log.add(9, "task.finished", 11, { task: 1, name: "t", value: null }).events));
  assert.deepEqual([use.most, use.waiter, use.isOneByOne], [2, null, false]);
});

test("tasks that merely come one after the other are no sign of apply", () => {
  assert.equal(useOf(foldLog(work(work(pool(), 2, 1, 11, false), 13, 2, 12, false).events)).isOneByOne, false);
});
