/** What a process is and does, in words. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { doing, nameOf, selectedProcess } from "../../web/elements/words.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** @type {Record<string, { zh: string, en: string }>} */
const sentences = JSON.parse(readFileSync(new URL("../../web/text/page.json", import.meta.url), "utf8"));
const text = Object.fromEntries(Object.entries(sentences).map(([key, { en }]) => [key, en]));
const sample = { state: "S", cpu_us: 1, rss_kib: 1 };

/** @param {Log} log @param {number} key @param {number} [ms] @param {string} [code] */
function does(log, key, ms = 0, code = "") {
  const run = foldLog(log.events);
  return doing(text, run, run.processes.at(key), ms * 1000, () => code);
}

/** A main process with one child, named. */
const family = () =>
  new Log()
    .add(1, "process.started", 1, { ppid: SUPERVISOR, how: "spawn" })
    .add(1, "process.named", 1, { name: "MainProcess", role: "main" })
    .add(2, "process.started", 2, { ppid: 1, how: "fork" })
    .add(2, "process.named", 2, { name: "W-1", role: "pool-worker" });

test("a task goes on, then is counted", () => {
  const log = family().add(3, "task.started", 2, { task: 1, name: "eat" });
  assert.equal(does(log, 1, 1003), "eat 1.00 s");
  log.add(4, "task.finished", 2, { task: 1, name: "eat", value: null }).add(5, "process.sampled", 2, { ...sample, waiting: "futex" });
  assert.equal(does(log, 1), "idle · 1 done");
});

test("whom a parent waits for is told by name", () => {
  assert.equal(does(family().add(3, "process.sampled", 1, { ...sample, waiting: "wait4(2)" }), 0), "waits for W-1");
  assert.equal(does(family().add(3, "process.sampled", 1, { ...sample, waiting: "wait4(-1)" }), 0), "waits for a child");
});

test("a wait that ends by itself is told as that, whatever call it is", () => {
  for (const waiting of ["futex(timeout)", "poll(timeout)", "timeout"]) {
    assert.equal(does(family().add(3, "process.sampled", 1, { ...sample, waiting }), 0), "waits until a set time");
  }
});

test("the main process that waits to be woken shows its line; without one, the kernel's word", () => {
  const log = family().add(3, "process.sampled", 1, { ...sample, waiting: "futex" });
  assert.equal(does(log, 0, 0, "pool.join()?;"), "pool.join()?;");
  assert.equal(does(log, 0), "waits to be woken (futex)");
});

test("an end has a code or a signal, and a zombie waits to be reaped", () => {
  const log = family().add(3, "process.exited", 2, { signal: "SIGKILL" });
  assert.equal(does(log, 1), "ended by SIGKILL");
  log.add(4, "process.zombie", 2, { user_us: 1, sys_us: 1, max_rss_kib: 1 });
  assert.equal(does(log, 1, 5), "ended by SIGKILL · not reaped for 2.00 ms");
  log.add(5, "process.reaped", 2, { by: 1 });
  assert.equal(does(log, 1), "ended by SIGKILL · reaped by MainProcess");
});

test("a stopped process says by what, whatever it was doing", () => {
  const log = family().add(3, "task.started", 2, { task: 1, name: "eat" }).add(4, "process.stopped", 2, { signal: "SIGSTOP" });
  assert.equal(does(log, 1, 10), "stopped by SIGSTOP");
});

test("a task's selection is its worker's, and pids have names", () => {
  const run = foldLog(family().add(3, "task.started", 2, { task: 9, name: "eat" }).events);
  assert.equal(selectedProcess(run, { kind: "task", key: 0 })?.pid, 2);
  assert.equal(selectedProcess(run, { kind: "task", key: 5 }), null);
  assert.deepEqual([SUPERVISOR, 2, 77].map((pid) => nameOf(text, run, pid)), ["supervisor", "W-1", "process 77"]);
});
