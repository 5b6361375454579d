/** The question before the run, answered by its log. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerOf } from "../../web/model/predict.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** @import { Answer } from "../../web/protocol.js" */

const title = { zh: "", en: "" };

/** @param {Log} log @param {Answer} answer */
const answered = (log, answer) => answerOf(answer, { events: log.events, run: foldLog(log.events) });

/** Two workers, three tasks, a global of which each has its own. */
function example() {
  const log = new Log().born(1, 1, SUPERVISOR, "MainProcess").born(2, 11, 1, "Worker-1").born(3, 12, 1, "Worker-2").born(4, 13, 1);
  for (const [ms, type, pid, task] of /** @type {const} */ ([[5, "started", 11, 1], [6, "started", 12, 2], [7, "finished", 11, 1], [8, "started", 11, 3], [9, "finished", 12, 2], [10, "finished", 11, 3]])) {
    log.add(ms, `task.${type}`, pid, { task, name: `t${task}`, ...(type === "finished" ? { value: null } : {}) });
  }
  log.add(11, "variable.set", 11, { name: "m", value: 3 }).add(12, "variable.set", 1, { name: "m", value: 0 }).add(13, "variable.set", 12, { name: "list", value: [1] });
  return log.add(14, "output", 11, { stream: "stdout", text: "完成 t1 用时 0.52 s 进程 11" }).add(15, "output", 1, { stream: "stdout", text: "over!!!" });
}

test("how many: by kind, by name with a star, by fields; one without a name is ?", () => {
  const count = (/** @type {any} */ of) => answered(example(), { by: "count", of });
  assert.equal(count({ type: "process.started" }), 4);
  assert.equal(count({ type: "task.started", process: "Worker-*" }), 3);
  assert.equal(count({ type: "task.started", process: "Worker" }), 0);
  assert.equal(count({ type: "process.started", process: "?" }), 1);
  assert.equal(count({ type: "task.finished", fields: { name: "t3" } }), 1);
  assert.equal(count({ type: "variable.set", fields: { value: [1] } }), 1);
});

test("texts may have placeholders, and all else is literal", () => {
  const count = (/** @type {string} */ text) => answered(example(), { by: "count", of: { type: "output", fields: { text } } });
  assert.deepEqual(["{*}用时 {s} s 进程 {pid}", "完成 t{n} {*}", "{*}进程 {pid Worker-*}", "over!!!"].map(count), [1, 1, 1, 1]);
  assert.deepEqual(["{*}进程 {ppid}", "over...", "over", "{*}进程 {pid Main}"].map(count), [0, 0, 0, 0]);
});

test("how many at once", () => {
  assert.equal(answered(example(), { by: "most", from: { type: "task.started" }, to: { type: "task.finished" } }), 2);
  assert.equal(answered(example(), { by: "most", from: { type: "queue.put" }, to: { type: "queue.get" } }), 0);
});

test("what a variable ends at: anyone's, one process's, no number, never set", () => {
  assert.equal(answered(example(), { by: "variable", name: "m" }), 0);
  assert.equal(answered(example(), { by: "variable", name: "m", process: "Worker-1" }), 3);
  assert.equal(answered(example(), { by: "variable", name: "list" }), null);
  assert.equal(answered(example(), { by: "variable", name: "n" }), null);
});

test("which comes first, and what is right when none comes", () => {
  const options = [
    { value: "main", title, first: { type: "output", process: "MainProcess" } },
    { value: "worker", title, first: { type: "output", process: "Worker-*" } },
  ];
  const neither = { value: "neither", title };
  assert.equal(answered(example(), { by: "options", options }), "worker");
  assert.equal(answered(new Log(), { by: "options", options: [...options, neither] }), "neither");
  assert.equal(answered(new Log(), { by: "options", options }), null);
});
