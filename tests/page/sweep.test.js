/** Sweeps: which values, what the runs took, the shape of the curve, and why it leaves the ideal; on recorded runs. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { median, roundStep, ticksTo } from "../../web/base/ticks.js";
import { bend } from "../../web/model/bend.js";
import { factsOf, lastValue, measure } from "../../web/model/measures.js";
import { foldLog } from "../../web/model/run.js";
import { curveOf, isUnsteady, rangeOf, shapeOf, unrolled, valuesOf } from "../../web/model/sweep.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {string} name of a recorded run */
function recorded(name) {
  const text = readFileSync(new URL(`logs/${name}.ndjson`, import.meta.url), "utf8");
  return foldLog(text.trim().split("\n").map((line) => JSON.parse(line)));
}

/** @param {import("../../web/model/state.js").Run} run @param {any} value */
const sampleOf = (run, value) => ({ run: run.head?.run ?? "", runtime: /** @type {const} */ ("rust"), value, measures: measure(run), facts: factsOf(run), outcome: "completed" });

/** A sample that took so long, with such facts. @param {number} value @param {number} ms @param {object} [facts] @param {number} [cpuMs] */
const made = (value, ms, facts = {}, cpuMs = 0) => ({
  ...{ run: `r${value}`, runtime: /** @type {const} */ ("rust"), value, outcome: "completed" },
  measures: { time: ms * 1000, cpu: cpuMs * 1000, memory: 0, processes: 1, blocked: 0 },
  facts: { cpus: 2, tasks: 0, longest: 0, work: 0, ...facts },
});

/** @param {ReturnType<typeof made>[]} samples */
const curve = (samples) => curveOf(samples, [...new Set(samples.map(({ value }) => value))], "time");

const title = { zh: "", en: "" };
const integer = (/** @type {number} */ min, /** @type {number} */ max, /** @type {number} */ value) =>
  /** @type {const} */ ({ name: "n", title, help: title, type: "integer", min, max, default: value });

test("the values of a range, of a switch, of a choice", () => {
  assert.deepEqual(valuesOf(integer(1, 16, 5), { from: 1, to: 8, step: 3 }), [1, 4, 7]);
  const number = /** @type {const} */ ({ name: "s", title, help: title, type: "number", min: 0, max: 3, default: 2, step: 0.1, unit: "s" });
  assert.deepEqual(valuesOf(number, { from: 0.1, to: 0.4, step: 0.1 }), [0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(valuesOf(number, { from: 1, to: 0, step: 0.1 }), []);
  assert.deepEqual(valuesOf(number, { from: 0, to: 1, step: 0 }), []);
  const choice = { ...integer(0, 0, 0), type: /** @type {const} */ ("choice"), default: "a", options: ["a", "b"].map((value) => ({ value, title })) };
  assert.deepEqual(valuesOf(choice, { from: 0, to: 0, step: 1 }), ["a", "b"]);
  assert.deepEqual(rangeOf(integer(1, 16, 5)), { from: 1, to: 8, step: 1 });
  assert.deepEqual(rangeOf(integer(1, 200, 25)), { from: 1, to: 25, step: 4 });
  assert.deepEqual(rangeOf(integer(1, 4, 4)), { from: 1, to: 4, step: 1 });
  assert.deepEqual(rangeOf(number), { from: 0, to: 1.8, step: 0.3 });
});

test("what a run took, of every process", () => {
  const log = new Log().born(1, 1, SUPERVISOR, "MainProcess").born(2, 11, 1, "Worker-1").add(3, "queue.created", 1, { queue: 1, name: "q", capacity: 1 });
  log.add(4, "queue.blocked", 11, { queue: 1, op: "get" }).add(9, "queue.unblocked", 11, { queue: 1, op: "get" });
  log.add(10, "queue.blocked", 1, { queue: 1, op: "get" }).dead(12, 11, 1).dead(15, 1, SUPERVISOR);
  log.add(20, "run.finished", undefined, { outcome: "completed", reason: "", duration_us: 20_000, processes: { started: 2, exited: 2, reaped: 2 }, events: 1 });
  assert.deepEqual(measure(foldLog(log.events)), { time: 20_000, cpu: 2000, memory: 4000, processes: 2, blocked: 10_000 });
});

test("the curve of a pool, from recorded runs: it ends at the longest task", () => {
  const sizes = [1, 2, 4, 6];
  const points = curveOf(sizes.map((size) => sampleOf(recorded(`pool-size-${size}`), size)), sizes, "time");
  assert.deepEqual(points.map(({ samples: [sample] }) => sample?.measures.processes), [2, 3, 5, 7]);
  assert.equal(shapeOf(points)?.kind, "falls");
  const found = bend(points);
  assert.deepEqual([found?.knee.value, found?.best.value, found?.why, found?.follows], [2, 4, "longest", false]);
  const longest = points[2]?.samples[0]?.facts.longest ?? 0;
  assert.ok(longest > 0.9 * (found?.best.median ?? 0) && longest < (found?.best.median ?? 0));
});

test("a run that measured its own curve has all points, and bends at the machine's processors", () => {
  const run = recorded("speedup");
  const times = /** @type {number[]} */ (lastValue(run, "times"));
  const points = curveOf(unrolled(sampleOf(run, 4), times), [1, 2, 3, 4], "time");
  assert.deepEqual(points.map(({ median: us }) => us / 1e6), times);
  const found = bend(points);
  assert.equal(run.head?.host.cpus, 2);
  assert.deepEqual([found?.knee.value, found?.best.value, found?.why], [2, 2, "processors"]);
});

test("what cannot be divided is found by how much it holds up", () => {
  const run = recorded("speedup-serial");
  const found = bend(curveOf(unrolled(sampleOf(run, 3), /** @type {number[]} */ (lastValue(run, "times"))), [1, 2, 3], "time"));
  assert.ok(found && found.why === "serial" && Math.abs(found.serial - 0.5) < 0.15, JSON.stringify(found?.serial));
});

test("each reason has its own signs", () => {
  const why = (/** @type {ReturnType<typeof made>[]} */ samples) => bend(curve(samples))?.why;
  assert.equal(why([made(1, 800), made(2, 400), made(4, 200)]), null);
  const two = { tasks: 2, longest: 100 };
  assert.equal(why([made(1, 800, two), made(2, 400, two), made(4, 400, two)]), "tasks");
  const long = { tasks: 9, longest: 380_000 };
  assert.equal(why([made(1, 800, long), made(2, 400, long), made(4, 390, long)]), "longest");
  assert.equal(why([made(1, 800, {}, 800), made(2, 400, {}, 800), made(4, 400, {}, 800)]), "processors");
  assert.equal(why([made(1, 800), made(2, 500), made(4, 350)]), "serial");
  assert.equal(why([made(1, 100), made(2, 50), made(4, 32), made(8, 80)]), "making");
  assert.equal(bend(curve([made(0, 800), made(1, 800)])), null, "no ideal without a first");
  assert.equal(bend(curve([made(1, 800)])), null);
});

test("repeats give a median with the least and the most, and the run that stands for them", () => {
  const [point] = curve([made(1, 300), made(1, 100), { ...made(1, 120), run: "middle" }]);
  assert.deepEqual([point?.median, point?.least, point?.most, point?.run], [120_000, 100_000, 300_000, "middle"]);
  assert.equal(median([4, 1]), 2.5);
});

test("the shape of a curve, where the repeats' own spread is not one", () => {
  const kind = (/** @type {number[]} */ ...ms) => shapeOf(curve(ms.map((time, place) => made(place + 1, time))))?.kind;
  assert.deepEqual([kind(100, 102, 99), kind(100, 200, 300), kind(300, 200, 100), kind(300, 100, 300), kind(100, 300, 100)], ["flat", "rises", "falls", "lowest", "highest"]);
  assert.equal(shapeOf(curve([made(1, 100), made(1, 180), made(2, 150)]))?.kind, "flat");
  assert.equal(shapeOf(curve([made(1, 100)])), null);
});

test("up and down again, and once more, is the machine and not the parameter", () => {
  const unsteady = (/** @type {number[]} */ ...ms) => isUnsteady(curve(ms.map((time, place) => made(place + 1, time))));
  assert.deepEqual([unsteady(600, 400, 410, 1130, 870, 840, 1260, 760), unsteady(600, 300, 210, 200, 220)], [true, false]);
  assert.deepEqual([unsteady(100, 300, 100), unsteady(100, 90, 100, 92, 101), unsteady(100, 200, 300, 600)], [false, false, false]);
});

test("axes have round numbers", () => {
  assert.deepEqual(ticksTo(0.83), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticksTo(7), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticksTo(0), [0, 1]);
  assert.equal(roundStep(1000, 5), 200);
});
