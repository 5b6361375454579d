/** The program's word beside the kernel's. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { claimsOf } from "../../web/model/receipt.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** A main process with two named children. */
const family = () => new Log().born(0, 10, SUPERVISOR, "MainProcess").born(1, 11, 10, "小明").born(1, 12, 10, "sys.exit(n)");

/** @param {Log} log @param {number} key */
function said(log, key) {
  const claims = claimsOf(foldLog(log.events)).get(key) ?? [];
  return claims.map(({ about, said, agrees }) => `${about} ${said} ${agrees ? "✓" : "✗"}`);
}

/** @param {Log} log @param {number} pid @param {string} text */
const print = (log, pid, text) => log.add(5, "output", pid, { stream: "stdout", text });

test("a process that prints its pid and its parent's agrees with the kernel", () => {
  assert.deepEqual(said(print(family(), 11, "听歌 进程 11 父进程 10"), 1), ["pid 11 ✓", "parent 10 ✓"]);
  assert.deepEqual(said(print(family(), 11, "pid = 11, ppid = 10"), 1), ["pid 11 ✓", "parent 10 ✓"]);
  assert.deepEqual(said(print(family(), 10, "主进程 10"), 0), ["pid 10 ✓"]);
});

test("what is wrong is said, and is not forgotten when the next line is right", () => {
  const log = print(print(family(), 11, "进程 1 父进程 0"), 11, "进程 11 父进程 10");
  assert.deepEqual(said(log, 1), ["pid 1 ✗", "parent 0 ✗"]);
});

test("a pid of another process says nothing of who prints it", () => {
  assert.deepEqual(said(print(family(), 10, "启动了进程 11"), 0), []);
});

test("an orphan may print both its parents", () => {
  const log = print(family(), 11, "父进程 10").dead(6, 10, SUPERVISOR).add(6, "process.reparented", 11, { ppid: SUPERVISOR, was: 10 });
  assert.deepEqual(said(print(log, 11, `小明 现在的父进程 ${SUPERVISOR}`), 1), [`parent ${SUPERVISOR} ✓`]);
});

test("an exit code that the parent prints is the child's: by name, by pid, and minus a signal's number", () => {
  assert.deepEqual(said(print(family().dead(3, 12, 10, 3), 10, "sys.exit(n) 的退出码 3"), 2), ["exit 3 ✓"]);
  assert.deepEqual(said(print(family().dead(3, 11, 10, 7), 10, "收走 11 退出码 8"), 1), ["exit 8 ✗"]);
  assert.deepEqual(said(print(family().dead(3, 11, 10, "SIGKILL"), 10, "小明 exitcode = -9"), 1), ["exit -9 ✓"]);
  assert.deepEqual(said(print(family(), 10, "小明 exitcode = None"), 1), []);
});
