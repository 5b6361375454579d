/** What events mean: pids given twice, workers killed, queues with several ends, orphans, impossible logs. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { foldLog } from "../../web/model/run.js";
import { contents } from "../../web/model/run/queue.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {Log} log */
const fold = (log) => foldLog(log.events);

test("a pid that the kernel gives twice is two processes", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "first").dead(2, 11, 10, 3);
  const run = fold(log.born(3, 11, 10, "second").add(4, "output", 11, { stream: "stdout", text: "hello" }));
  assert.deepEqual([...run.processes].map(({ label }) => label), ["main", "first", "second"]);
  assert.equal(run.processes.at(1).exited?.code, 3);
  assert.equal(run.processes.at(2).exited, null);
  assert.equal(run.output.at(0).process, 2);
  assert.deepEqual(run.processes.at(0).children, [1, 2]);
});

test("the tree has the supervisor as its root, and orphans move to who adopts them", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "child").born(2, 12, 11, "grandchild");
  log.add(3, "process.exited", 11, { code: 0 }).add(3, "process.reparented", 12, { ppid: SUPERVISOR, was: 11 });
  const run = fold(log);
  assert.deepEqual(run.roots, [0, 2]);
  assert.deepEqual(run.processes.at(1).children, []);
  assert.equal(run.processes.at(2).birthParent, 1);
  assert.equal(run.processes.at(2).parent, null);
});

test("a worker killed in the middle of a task loses it, and only it", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "worker");
  for (const task of [1, 2, 3]) log.add(2, "task.submitted", 10, { task, name: `t${task}` });
  log.add(3, "task.started", 11, { task: 1, name: "t1" }).add(4, "task.finished", 11, { task: 1, name: "t1", value: 5 });
  log.add(5, "task.started", 11, { task: 2, name: "t2" });
  log.add(6, "process.signaled", 11, { signal: "SIGKILL", from: "visitor" }).dead(6, 11, 10, "SIGKILL");
  const run = fold(log);
  assert.deepEqual([...run.tasks].map(({ state }) => state), ["finished", "lost", "submitted"]);
  assert.equal(run.tasks.at(1).ended?.t, 6000);
  const worker = run.processes.at(1);
  assert.equal(worker.task, null);
  assert.equal(worker.done, 1);
  assert.deepEqual(worker.exited && [worker.exited.code, worker.exited.signal], [null, "SIGKILL"]);
  assert.equal(worker.signals.at(0).fromPid, null);
});

test("a worker stands on a line while it works, and on none while it is idle", () => {
  const at = { file: "main.rs", line: 12 };
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "worker");
  log.add(2, "task.started", 11, { task: 1, name: "t" }).add(3, "line.reached", 11, { at });
  assert.deepEqual(fold(log).processes.at(1).at, at);
  log.add(4, "task.finished", 11, { task: 1, name: "t", value: null });
  assert.equal(fold(log).processes.at(1).at, null);
});

test("a task that was lost and begins anew is no longer lost", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10).born(1, 12, 10);
  log.add(2, "task.started", 11, { task: 1, name: "t" }).dead(3, 11, 10, "SIGKILL");
  log.add(4, "task.started", 12, { task: 1, name: "t" }).add(5, "task.finished", 12, { task: 1, name: "t", value: null });
  const task = fold(log).tasks.at(0);
  assert.deepEqual([task.state, task.worker, task.started?.t, task.ended?.t], ["finished", 2, 4000, 5000]);
});

test("two producers and three consumers of one queue", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  for (const pid of [11, 12, 21, 22, 23]) log.born(1, pid, 10, `p${pid}`);
  log.add(2, "queue.created", 10, { queue: 9, name: "Queue(2)", capacity: 2 });
  for (const pid of [21, 22, 23]) log.add(3, "queue.blocked", pid, { queue: 9, op: "get" });
  let run = fold(log);
  assert.deepEqual(run.queues.at(0).blocked.map(({ process, op }) => [process, op]), [[3, "get"], [4, "get"], [5, "get"]]);
  assert.equal(run.processes.at(4).state, "waiting");
  log.add(4, "queue.put", 11, { queue: 9, item: 1, size: 1, bytes: 3, value: "a" });
  log.add(4.1, "queue.unblocked", 22, { queue: 9, op: "get" });
  log.add(4.2, "queue.get", 22, { queue: 9, item: 1, size: 0, bytes: 3, value: "a" });
  log.add(5, "queue.put", 12, { queue: 9, item: 2, size: 1, bytes: 3, value: "b" });
  log.add(5.1, "queue.put", 11, { queue: 9, item: 3, size: 2, bytes: 3 });
  log.add(5.2, "queue.blocked", 12, { queue: 9, op: "put" });
  run = fold(log);
  const queue = run.queues.at(0);
  assert.deepEqual([queue.size, queue.peak, queue.capacity], [2, 2, 2]);
  assert.deepEqual(contents(run, queue), [1, 2]);
  assert.deepEqual(queue.blocked.map(({ process, op }) => [process, op]), [[3, "get"], [5, "get"], [2, "put"]]);
  assert.deepEqual(run.processes.at(2).waiting, { on: "queue", queue: 0, op: "put", since: 5200 });
  log.add(6, "queue.timeout", 21, { queue: 9, op: "get" }).dead(7, 23, 10, "SIGKILL");
  run = fold(log);
  assert.deepEqual(run.queues.at(0).blocked.map(({ process }) => process), [2]);
  assert.deepEqual([...run.processes.at(3).waits].map(({ end, outcome }) => [end, outcome]), [[6000, "timeout"]]);
  assert.deepEqual([...run.processes.at(5).waits].map(({ end, outcome }) => [end, outcome]), [[7000, "died"]]);
  assert.deepEqual([run.items.at(0).put?.process, run.items.at(0).got?.process], [1, 4]);
});

test("the same item number in two queues is two items", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  for (const queue of [1, 2]) log.add(1, "queue.put", 10, { queue, item: 1, size: 1, bytes: 1, value: queue });
  log.add(2, "queue.get", 10, { queue: 2, item: 1, size: 0, bytes: 1 });
  const run = fold(log);
  assert.deepEqual([...run.items].map(({ value, got }) => [value, got === null]), [[1, true], [2, false]]);
});

test("the program's word on waiting stands above the sampler's, and the sampler's stale word is dropped", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  const sample = { state: "S", cpu_us: 1, rss_kib: 1 };
  log.add(1, "process.sampled", 10, { ...sample, waiting: "nanosleep" });
  assert.deepEqual(fold(log).processes.at(0).waiting, { on: "kernel", words: "nanosleep", since: 1000 });
  log.add(2, "sync.waiting", 10, { object: 5, name: "Lock-1", kind: "lock" });
  log.add(3, "process.sampled", 10, { ...sample, waiting: "futex" });
  assert.deepEqual(fold(log).processes.at(0).waiting, { on: "sync", object: 0, since: 2000 });
  log.add(4, "sync.acquired", 10, { object: 5, name: "Lock-1", kind: "lock" });
  const run = fold(log);
  assert.equal(run.processes.at(0).state, "running");
  assert.equal(run.processes.at(0).waiting, null);
  assert.deepEqual(run.objects.at(0).holders, [{ process: 0, since: 4000 }]);
});

test("a stop lasts until it continues or dies", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").add(1, "process.stopped", 10, { signal: "SIGSTOP" });
  assert.equal(fold(log).processes.at(0).state, "stopped");
  log.add(2, "process.continued", 10, { signal: "SIGCONT" }).add(3, "process.stopped", 10, { signal: "SIGSTOP" });
  const run = fold(log.add(4, "process.exited", 10, { signal: "SIGKILL" }));
  assert.deepEqual([...run.processes.at(0).stops].map(({ start, end }) => [start, end]), [[1000, 2000], [3000, 4000]]);
  assert.equal(run.processes.at(0).state, "exited");
});

test("variables belong to one process each and remember their values", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(0, 11, 10, "child");
  log.add(1, "variable.set", 10, { name: "m", value: 10 }).add(2, "variable.set", 11, { name: "m", value: 11 });
  const run = fold(log.add(3, "variable.set", 11, { name: "m", value: 12 }));
  assert.deepEqual(run.processes.at(0).variables.map(({ value }) => value), [10]);
  assert.deepEqual([...(run.processes.at(1).variables[0]?.history ?? [])].map(({ value }) => value), [11, 12]);
});

test("the line a process stands on follows its events and ends with it", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").add(1, "line.reached", 10, { at: { file: "main.rs", line: 3 } });
  log.add(2, "output", 10, { stream: "stdout", text: "x" });
  assert.deepEqual(fold(log).processes.at(0).at, { file: "main.rs", line: 3 });
  assert.equal(fold(log.add(3, "process.exited", 10, { code: 0 })).processes.at(0).at, null);
});

test("each truncation tells the sum so far", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").add(1, "run.truncated", 10, { what: "output", dropped: 5 });
  log.add(2, "run.truncated", 10, { what: "output", dropped: 9 }).add(3, "run.truncated", undefined, { what: "events", dropped: 2 });
  const cuts = fold(log).truncations.map(({ what, process, dropped }) => [what, process, dropped]);
  assert.deepEqual(cuts, [["output", 0, 9], ["events", null, 2]]);
});

test("a log that cannot be is folded without an exception and its strays are counted", () => {
  const log = new Log().add(1, "output", 77, { stream: "stdout", text: "ghost" }).dead(2, 77, 10);
  log.add(3, "task.finished", 77, { task: 1, name: "t", value: 1 }).add(3, "task.callback", 77, { task: 2, name: "u" });
  log.add(4, "queue.get", 77, { queue: 4, item: 8, size: 0, bytes: 1 });
  log.add(5, "queue.unblocked", 77, { queue: 5, op: "get" }).add(6, "sync.released", 77, { object: 1, name: "L", kind: "lock" });
  log.add(7, "pipe.received", 77, { pipe: 1, item: 1, bytes: 1 }).add(8, "process.continued", 77, { signal: "SIGCONT" });
  log.born(9, 10, SUPERVISOR).add(10, "process.continued", 10, { signal: "SIGCONT" }).dead(11, 10, 77).dead(12, 10, 77);
  const run = fold(log);
  assert.equal(run.stray, 11);
  assert.deepEqual([...run.tasks].map(({ state }) => state), ["finished", "submitted"]);
  assert.equal(run.output.at(0).process, null);
});
