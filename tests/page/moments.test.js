/** Moments of a run: what an address says of them, and what a range of time sums up to. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf } from "../../web/elements/timeline/keys.js";
import { foldLog } from "../../web/model/run.js";
import { sumsOf } from "../../web/model/range.js";
import { MARKS_MAX, readMoment, wordsOf } from "../../web/pages/playground/moment-address.js";
import { Log, SUPERVISOR } from "./log.js";

const read = (/** @type {string} */ query) => readMoment(new URLSearchParams(query));

test("an address says a part of the time, an event and marks", () => {
  const { moment, wrong } = read("t=1.25-2.0&event=17&marks=2,0.5,0.5");
  assert.deepEqual(moment, { period: { start: 1_250_000, end: 2_000_000 }, time: null, event: 17, marks: [500_000, 2_000_000] });
  assert.deepEqual(wrong, []);
  assert.equal(read("t=1.25").moment.time, 1_250_000);
});

test("what means nothing is named, and nothing of it is taken", () => {
  for (const t of ["", "abc", "2-1", "1-1", "-1", "1e3", "1.5-", "1-2-3", "١"]) {
    const { moment, wrong } = read(`t=${t}`);
    assert.deepEqual(wrong, ["t"], t);
    assert.equal(moment.time ?? moment.period, null, t);
  }
  assert.deepEqual(read("event=0&marks=1,,2").wrong, ["event", "marks"]);
  assert.deepEqual(read("event=1.5&marks=x").wrong, ["event", "marks"]);
  const marks = (/** @type {number} */ count) => `marks=${Array.from({ length: count }, (_, place) => place)}`;
  assert.equal(read(marks(MARKS_MAX)).moment.marks.length, MARKS_MAX);
  assert.deepEqual(read(marks(MARKS_MAX + 1)).wrong, ["marks"], "a link cannot fill the page");
  assert.deepEqual(read("").wrong, []);
});

test("an address that was written is read as what it was, as fine as the eye", () => {
  for (const period of [{ start: 1_250_000, end: 2_000_000 }, { start: 1_234_567, end: 1_234_890 }, { start: 0, end: 19_876_543 }]) {
    const { moment } = read(String(new URLSearchParams(wordsOf({ period, time: null, event: 3, marks: [12] }))));
    const span = period.end - period.start;
    assert.ok(moment.period && Math.abs(moment.period.start - period.start) <= span / 1000);
    assert.ok(Math.abs(moment.period.end - period.end) <= span / 1000);
    assert.deepEqual([moment.event, moment.marks], [3, [12]]);
  }
  assert.deepEqual(wordsOf({ period: null, time: 1_500_000, event: null, marks: [] }), { t: "1.5" });
  assert.deepEqual(wordsOf({ period: { start: -9000, end: 500_000 }, time: null, event: null, marks: [] }), { t: "0-0.5" });
});

function busy() {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(0, 11, 10, "child");
  log.add(100, "process.sampled", 11, { state: "R", cpu_us: 80_000, rss_kib: 1 });
  log.add(150, "output", 11, { stream: "stdout", text: "one" });
  log.add(200, "queue.put", 10, { queue: 1, item: 1, size: 1, bytes: 1 });
  log.add(200, "process.sampled", 11, { state: "S", cpu_us: 100_000, rss_kib: 1 });
  log.add(250, "queue.blocked", 11, { queue: 1, op: "get" }).add(350, "queue.unblocked", 11, { queue: 1, op: "get" });
  log.add(350, "queue.get", 11, { queue: 1, item: 1, size: 0, bytes: 1 });
  log.add(360, "task.started", 11, { task: 1, name: "t" }).add(400, "task.finished", 11, { task: 1, name: "t" });
  return log;
}

test("a range sums what happened in it, its ends included", () => {
  const { events } = busy();
  const run = foldLog(events);
  const sums = sumsOf(run, events, { start: 150_000, end: 200_000 });
  assert.deepEqual([sums.events, sums.lines, sums.puts, sums.gets, sums.tasks], [3, 1, 1, 0, 0]);
  const rest = sumsOf(run, events, { start: 200_001, end: 400_000 });
  assert.deepEqual([rest.events, rest.lines, rest.puts, rest.gets, rest.tasks], [5, 0, 0, 1, 1]);
  assert.equal(sumsOf(run, events, { start: 0, end: 400_000 }).events, events.length);
});

test("processor time between two looks of the sampler is shared out evenly; waits are counted once", () => {
  const { events } = busy();
  const run = foldLog(events);
  const of = (/** @type {number} */ start, /** @type {number} */ end) => sumsOf(run, events, { start, end }).shares.find(({ process }) => process.pid === 11);
  assert.equal(of(100_000, 200_000)?.cpu, 20_000);
  assert.equal(of(150_000, 200_000)?.cpu, 10_000);
  assert.equal(of(0, 50_000)?.cpu, 40_000);
  assert.equal(of(300_000, 400_000)?.blocked, 50_000);
  assert.equal(of(0, 400_000)?.blocked, 100_000);
});

test("who was not yet born, or gone, has no share", () => {
  const { events } = new Log().born(0, 10, SUPERVISOR).dead(50, 10, SUPERVISOR).born(100, 11, SUPERVISOR);
  const run = foldLog(events);
  const pids = (/** @type {number} */ start, /** @type {number} */ end) => sumsOf(run, events, { start, end }).shares.map(({ process }) => process.pid);
  assert.deepEqual([pids(0, 60_000), pids(60_000, 90_000), pids(90_000, 200_000)], [[10], [], [11]]);
});

test("an adoption is remembered with its moment, and a cut with its first", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "first").born(2, 12, 11, "orphan");
  log.dead(5, 11, 10).add(6, "process.reparented", 12, { ppid: SUPERVISOR, was: 11 });
  log.add(7, "run.truncated", 12, { what: "output", dropped: 10 }).add(9, "run.truncated", 12, { what: "output", dropped: 30 });
  const run = foldLog(log.events);
  assert.deepEqual(run.processes.at(2).adoptions.map(({ t, parent }) => [t, parent]), [[6000, null]]);
  assert.deepEqual(run.truncations.map(({ since, dropped }) => [since, dropped]), [[7000, 30]]);
});

test("signs are found wherever a keyboard has them", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false };
  assert.equal(commandOf({ code: "Slash", key: "?", ...plain }), "help");
  assert.equal(commandOf({ code: "Minus", key: "?", ...plain }), "help");
  assert.equal(commandOf({ code: "Digit7", key: "/", ...plain }), "search");
  assert.equal(commandOf({ code: "KeyM", key: "m", ...plain }), "mark");
});
