/** What is lit together in all views. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DARK, lightOf } from "../../web/model/light.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {number} line */
const at = (line) => ({ at: { file: "main.rs", line } });

/** A main process whose two children run line 5; one of them line 7 too; an item goes from one to the other. */
const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "giver").born(1, 12, 10, "taker");
log.add(2, "line.reached", 11, at(5)).add(3, "line.reached", 12, at(5)).add(4, "queue.created", 10, { queue: 1, name: "q", capacity: 2, ...at(3) });
log.add(5, "queue.put", 11, { queue: 1, item: 9, size: 1, bytes: 4, ...at(7) }).add(6, "queue.get", 12, { queue: 1, item: 9, size: 0, bytes: 4, ...at(8) });
log.add(7, "task.submitted", 10, { task: 4, name: "t", ...at(3) }).add(8, "task.started", 12, { task: 4, name: "t", ...at(9) });
const run = foldLog(log.events);

/** @param {import("../../web/model/light.js").Pointed | null} pointed */
function lit(pointed) {
  const light = lightOf(pointed, run, log.events);
  return Object.fromEntries(Object.entries(light).map(([of, set]) => [of, [...set].sort((a, b) => a - b)]).filter(([, set]) => set?.length));
}

test("a line is lit with all processes that ever ran it", () => {
  assert.deepEqual(lit({ kind: "line", key: 5 }), { processes: [1, 2], lines: [5] });
  assert.deepEqual(lit({ kind: "line", key: 7 }), { processes: [1], lines: [7] });
  assert.deepEqual(lit({ kind: "line", key: 99 }), { lines: [99] });
});

test("a process is lit with the lines it ran, each once", () => {
  assert.deepEqual(lit({ kind: "process", key: 1 }), { processes: [1], lines: [5, 7] });
  assert.equal(run.processes.at(1).ran.length, 2);
});

test("an item is lit with who put it and who got it, a task with its worker", () => {
  assert.deepEqual(lit({ kind: "item", key: 0 }), { processes: [1, 2], items: [0], lines: [7, 8] });
  assert.deepEqual(lit({ kind: "task", key: 0 }), { processes: [2], tasks: [0], lines: [3, 9] });
});

test("an event is lit with its process, its line, and what it is about", () => {
  const put = log.events.findIndex(({ type }) => type === "queue.put") + 1;
  assert.deepEqual(lit({ kind: "event", key: put }), { processes: [1], items: [0], events: [put], lines: [7] });
  assert.deepEqual(lit({ kind: "event", key: 1 }), { events: [1] });
});

test("nothing, and what is no longer there, lights nothing", () => {
  assert.equal(lightOf(null, run, log.events), DARK);
  assert.equal(lightOf({ kind: "process", key: 7 }, run, log.events), DARK);
  assert.equal(lightOf({ kind: "event", key: 99 }, run, log.events), DARK);
});
