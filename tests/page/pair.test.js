/** Two runs on one clock: which moment each is seen at, live, after the end, and in a replay. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pair } from "../../web/model/pair.js";
import { Player } from "../../web/model/player.js";
import { Log, SUPERVISOR } from "./log.js";

/** A run of that length in ms, with an event each 100 ms. @param {number} ms */
function run(ms) {
  const log = new Log().born(0, 1, SUPERVISOR, "MainProcess");
  for (let t = 100; t < ms; t += 100) log.add(t, "output", 1, { stream: "stdout", text: String(t) });
  return log.add(ms, "run.finished", undefined, { outcome: "completed", reason: "", duration_us: ms * 1000, processes: { started: 1, exited: 1, reaped: 1 }, events: 0 }).events;
}

/** Both have ended. */
function ended(a = 300, b = 1000) {
  const players = /** @type {const} */ ([new Player(), new Player()]);
  players[0].append(run(a), 0);
  players[1].append(run(b), 0);
  const pair = new Pair(players);
  pair.advance(0);
  return pair;
}

/** @param {Pair} pair */
const seen = ({ players }) => players.map(({ mode, time }) => [mode, time]);

test("nothing has begun", () => {
  const pair = new Pair([new Player(), new Player()]);
  assert.equal(pair.advance(5), false);
  assert.deepEqual([pair.mode, pair.time, pair.end, pair.goesOn], ["empty", 0, 0, false]);
});

test("while A runs, B waits; while B runs, A is seen as it was at that moment, and then at its end", () => {
  const [a, b] = [new Player(), new Player()];
  const pair = new Pair([a, b]);
  a.append(run(300).slice(0, 4), 1000);
  pair.advance(1050);
  assert.deepEqual([pair.mode, pair.time, a.mode, b.mode], ["live", 150_000, "live", "empty"]);
  a.append(run(300), 1300);
  pair.advance(1300);
  assert.deepEqual([pair.mode, pair.time], ["finished", 300_000]);
  b.append(run(1000).slice(0, 4), 5000);
  pair.advance(5000);
  assert.deepEqual([pair.mode, seen(pair)], ["live", [["replay", 100_000], ["live", 100_000]]]);
  pair.advance(5600);
  assert.deepEqual(seen(pair), [["finished", 300_000], ["live", 700_000]]);
  b.append(run(1000), 6000);
  pair.advance(6000);
  assert.deepEqual([pair.mode, seen(pair)], ["finished", [["finished", 300_000], ["finished", 1_000_000]]]);
});

test("two that run together are both live", () => {
  const [a, b] = [new Player(), new Player()];
  const pair = new Pair([a, b]);
  a.append(run(300).slice(0, 3), 1000);
  b.append(run(300).slice(0, 3), 1100);
  pair.advance(1150);
  assert.deepEqual([pair.time, seen(pair)], [150_000, [["live", 150_000], ["live", 50_000]]]);
});

test("looking back moves both; the shorter one stands at its end", () => {
  const pair = ended();
  pair.seekTime(200_000);
  assert.deepEqual([pair.mode, seen(pair)], ["replay", [["replay", 200_000], ["replay", 200_000]]]);
  pair.seekTime(700_000);
  assert.deepEqual(seen(pair), [["finished", 300_000], ["replay", 700_000]]);
  pair.seekTime(9e9);
  assert.equal(pair.time, 1_000_000);
  pair.follow();
  assert.equal(pair.mode, "finished");
});

test("a step goes to the next event of either", () => {
  const pair = ended(250, 1000);
  pair.seekTime(200_000);
  pair.step(1);
  assert.equal(pair.time, 250_000);
  pair.step(1);
  assert.equal(pair.time, 300_000);
  pair.step(-1);
  assert.equal(pair.time, 250_000);
});

test("it plays from the start at its speed, and ends at the end", () => {
  const pair = ended();
  pair.speed = 2;
  pair.play();
  assert.deepEqual([pair.mode, pair.time, pair.isPlaying], ["replay", 0, true]);
  pair.advance(100);
  assert.equal(pair.time, 200_000);
  pair.pause();
  assert.equal(pair.advance(300), false);
  pair.play();
  pair.advance(1000);
  assert.deepEqual([pair.mode, pair.isPlaying], ["finished", false]);
});
