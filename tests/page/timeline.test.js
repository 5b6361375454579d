/** The timeline without its canvas: which lanes there are, what part of the time is in view, which key means what. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera, ticks } from "../../web/elements/timeline/camera.js";
import { commandOf } from "../../web/elements/timeline/keys.js";
import { layout, PROCESS_HEIGHT, QUEUE_HEIGHT } from "../../web/elements/timeline/lanes.js";
import { foldLog } from "../../web/model/run.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {Log} log */
function lanesOf(log) {
  const run = foldLog(log.events);
  return layout(run).lanes.map(({ kind, key }) =>
    kind === "process" ? run.processes.at(key).label : run.queues.at(key).name,
  );
}

test("parents above their children, siblings in order of birth, whoever adopts them later", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "first").born(2, 12, 10, "second");
  log.born(3, 13, 11, "grandchild").dead(4, 11, 10).add(4, "process.reparented", 13, { ppid: SUPERVISOR, was: 11 });
  assert.deepEqual(lanesOf(log), ["main", "first", "grandchild", "second"]);
  assert.deepEqual(layout(foldLog(log.events)).lanes.map(({ top }) => top / PROCESS_HEIGHT), [0, 1, 2, 3]);
});

test("a queue flows between those who put and those who get, also before its first item", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").add(0, "queue.created", 10, { queue: 1, name: "Q", capacity: 2 });
  assert.deepEqual(lanesOf(log), ["main", "Q"]);
  for (const pid of [11, 12, 21]) log.born(1, pid, 10, `p${pid}`);
  log.add(2, "queue.blocked", 21, { queue: 1, op: "get" });
  assert.deepEqual(lanesOf(log), ["main", "p11", "p12", "Q", "p21"]);
  log.add(3, "queue.put", 11, { queue: 1, item: 1, size: 1, bytes: 1 });
  assert.deepEqual(lanesOf(log), ["main", "p11", "Q", "p12", "p21"]);
  log.add(4, "queue.put", 12, { queue: 1, item: 2, size: 2, bytes: 1 });
  assert.deepEqual(lanesOf(log), ["main", "p11", "p12", "Q", "p21"]);
  assert.equal(layout(foldLog(log.events)).height, 4 * PROCESS_HEIGHT + QUEUE_HEIGHT);
});

test("a queue whose users both put and get still has a place", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "child");
  log.add(2, "queue.put", 10, { queue: 1, item: 1, size: 1, bytes: 1 });
  log.add(3, "queue.get", 10, { queue: 1, item: 1, size: 0, bytes: 1 });
  assert.deepEqual(lanesOf(log), ["main", "Queue-1", "child"]);
});

test("while a run goes on the view is a round span that the run grows into", () => {
  const camera = new Camera();
  const spans = new Set();
  for (let ms = 0; ms <= 20_000; ms += 50) {
    camera.advance(0.05, { end: ms * 1000, goesOn: true, room: 0.06 }, true);
    spans.add(camera.range.span);
    assert.ok(camera.range.from + camera.range.span > ms * 1000, `the newest moment is in view at ${ms} ms`);
  }
  assert.deepEqual([...spans].map((span) => span / 1e6), [0.5, 1, 1.5, 2.5, 4, 6, 10, 15, 25]);
});

test("at its end the whole run fills the view, but for the room at the right", () => {
  const camera = new Camera();
  camera.advance(1, { end: 9e6, goesOn: false, room: 0.1 }, true);
  assert.equal(camera.range.span, 10e6);
});

test("the view glides unless one asks for stillness, and arrives", () => {
  const camera = new Camera();
  const known = { end: 9e6, goesOn: false, room: 0.1 };
  assert.equal(camera.advance(0.016, known, false), true);
  assert.ok(camera.range.span > 1e6 && camera.range.span < 10e6);
  let frames = 1;
  while (camera.advance(0.016, known, false)) frames += 1;
  assert.ok(frames < 60, `${frames} frames`);
  assert.equal(camera.range.span, 10e6);
});

test("zooming keeps the moment under the pointer where it is", () => {
  const camera = new Camera();
  const known = { end: 9e6, goesOn: false, room: 0.1 };
  camera.advance(1, known, true);
  const place = () => (3e6 - camera.range.from) / camera.range.span;
  const before = place();
  for (const factor of [1.5, 1.5, 4, 1 / 3]) {
    camera.zoom(factor, 3e6, known);
    camera.advance(1, known, true);
    assert.ok(Math.abs(place() - before) < 1e-9);
  }
});

test("one cannot zoom or pan out of sight of the run", () => {
  const camera = new Camera();
  const known = { end: 9e6, goesOn: false, room: 0.1 };
  for (let turn = 0; turn < 99; turn += 1) camera.zoom(3, 1e6, known);
  camera.settle();
  assert.equal(camera.range.span, 50);
  for (let turn = 0; turn < 99; turn += 1) camera.zoom(1 / 3, 1e6, known);
  for (const part of [5, -5]) {
    for (let turn = 0; turn < 9; turn += 1) camera.pan(part, known);
    camera.settle();
    assert.ok(camera.range.from < known.end && camera.range.from + camera.range.span > 0);
  }
});

test("zooming in at the live edge follows it; panning away lets it go", () => {
  const camera = new Camera();
  camera.advance(1, { end: 2e6, goesOn: true, room: 0 }, true);
  camera.zoom(2, 2e6, { end: 2e6, goesOn: true, room: 0 });
  for (const end of [2e6, 3e6, 7e6]) {
    camera.advance(1, { end, goesOn: true, room: 0 }, true);
    assert.ok(camera.range.from < end && camera.range.from + camera.range.span > end);
  }
  camera.pan(-2, { end: 7e6, goesOn: true, room: 0 });
  const { mode } = camera;
  camera.advance(1, { end: 9e6, goesOn: true, room: 0 }, true);
  assert.equal(mode, "free");
  assert.ok(camera.range.from + camera.range.span < 9e6);
});

test("ticks are round and neither crowded nor lost", () => {
  for (const span of [50, 800, 12_345, 1e6, 2.5e6, 20e6, 600e6]) {
    const { step } = ticks({ from: 0, span }, 1000);
    const apart = (step / span) * 1000;
    assert.ok(apart >= 89 && apart <= 240, `${apart} pixels apart at ${span}`);
    assert.match(String(step), /^[125]0*$/);
  }
});

test("keys are bound by their place and leave the browser its own", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false };
  const wanted = { KeyW: "zoom.in", KeyS: "zoom.out", KeyA: "left", KeyD: "right", KeyF: "focus", Digit0: "fit" };
  for (const [code, command] of Object.entries(wanted)) assert.equal(commandOf({ code, ...plain }), command);
  assert.equal(commandOf({ code: "Period", ...plain }), "next");
  assert.equal(commandOf({ code: "BracketLeft", ...plain }), "cause");
  assert.equal(commandOf({ code: "KeyW", ...plain, ctrlKey: true }), null);
  assert.equal(commandOf({ code: "Tab", ...plain }), null);
});
