/** Variables after a fork: one copy a process, with the parent's value until somebody writes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ownersOf } from "../../web/model/copies.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {Log} log @param {number} ms @param {number} pid @param {string} name @param {unknown} value */
const set = (log, ms, pid, name, value) => log.add(ms, "variable.set", pid, { name, value });

/** A main process with m = 1 and list = [], which has forked a child. */
function forked() {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  return set(set(log, 1, 10, "m", 1), 1, 10, "list", []).born(2, 11, 10, "child");
}

/** @param {Log} log */
const told = (log) =>
  ownersOf(foldLog(log.events)).map(({ process, level, copies }) =>
    [process.label, level, ...copies.map(({ name, value, inherited, isParted }) => `${name} ${JSON.stringify(value)}${inherited ? ` from ${JSON.stringify(inherited.value)}` : ""}${isParted ? " own" : ""}`)].join(" | "));

test("before the fork there is one card, after it there are two with the same values", () => {
  assert.deepEqual(told(set(new Log().born(0, 10, SUPERVISOR, "main"), 1, 10, "m", 1)), ["main | 0 | m 1 own"]);
  assert.deepEqual(told(forked()), ["main | 0 | m 1 own | list [] own", "child | 1 | m 1 from 1 | list [] from []"]);
});

test("at the write the value parts, and only the writer's", () => {
  assert.deepEqual(told(set(forked(), 3, 11, "m", 2)), ["main | 0 | m 1 own | list [] own", "child | 1 | m 2 from 1 own | list [] from []"]);
  assert.deepEqual(told(set(forked(), 3, 10, "m", 5)), ["main | 0 | m 5 own | list [] own", "child | 1 | m 1 from 1 | list [] from []"]);
});

test("a child that only looks has not parted", () => {
  assert.deepEqual(told(set(forked(), 3, 11, "m", 1))[1], "child | 1 | m 1 from 1 | list [] from []");
});

test("what is written back to the first value was written all the same", () => {
  assert.deepEqual(told(set(set(forked(), 3, 11, "m", 2), 4, 11, "m", 1))[1], "child | 1 | m 1 from 1 own | list [] from []");
});

test("a grandchild inherits what its parent wrote and what that inherited; an exec leaves nothing", () => {
  const log = set(forked(), 3, 11, "m", 2).born(4, 12, 11, "grandchild");
  assert.deepEqual(told(log)[2], "grandchild | 2 | m 2 from 2 | list [] from []");
  log.add(5, "process.exec", 12, { exe: "/bin/true", argv: ["true"] });
  assert.equal(told(log).length, 2);
});

test("two families stand one after the other, parents above children", () => {
  const log = set(forked(), 3, 11, "m", 2).born(4, 20, SUPERVISOR, "other");
  set(log, 5, 20, "n", 0).born(6, 12, 10, "second");
  assert.deepEqual(told(log).map((line) => line.split(" | ")[0]), ["main", "child", "second", "other"]);
});
