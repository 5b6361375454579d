/** The position in a run: live, back in time while it goes on, back to live. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Player } from "../../web/model/player.js";
import { applyEvent, foldLog } from "../../web/model/run.js";
import { EMPTY_RUN } from "../../web/model/state.js";
import { Log, plain, SUPERVISOR } from "./log.js";

/** @param {number} count of output lines, one a millisecond */
function chatter(count) {
  const log = new Log().born(0, 10, SUPERVISOR, "main");
  for (let line = 1; line <= count; line += 1) log.add(line, "output", 10, { stream: "stdout", text: `line ${line}` });
  return log;
}

/** @param {Log} log */
function ended(log) {
  const last = (log.events.at(-1)?.t ?? 0) / 1000;
  log.dead(last, 10, SUPERVISOR);
  return log.add(last, "run.finished", undefined, {
    ...{ outcome: "completed", reason: "", duration_us: last * 1000, events: 0 },
    processes: { started: 1, exited: 1, reaped: 1 },
  });
}

test("any seek shows the same state as folding from the start", () => {
  const { events } = ended(chatter(1000));
  const player = new Player({ recorded: true });
  player.append(events, 0);
  const states = [EMPTY_RUN];
  for (const event of events) states.push(applyEvent(/** @type {any} */ (states.at(-1)), event));
  for (const seq of [0, 1, 127, 128, 129, 700, 256, 999, events.length, 3, 640, 641, 100]) {
    player.seekSeq(seq);
    assert.deepEqual(plain(player.run), plain(states[seq]), `after event ${seq}`);
  }
});

test("a time between two events shows the state of the former", () => {
  const player = new Player({ recorded: true });
  player.append(ended(chatter(500)).events, 0);
  player.seekTime(250_999);
  assert.equal(player.run.output.length, 250);
  assert.equal(player.time, 250_999);
  player.seekTime(251_000);
  assert.equal(player.run.output.length, 251);
  player.seekTime(-5);
  assert.deepEqual([player.time, player.run.output.length], [0, 0]);
});

test("live, one sees the newest event, and the time goes on between events", () => {
  const player = new Player();
  assert.equal(player.mode, "empty");
  const { events } = chatter(10);
  player.append(events, 1000);
  assert.equal(player.mode, "live");
  assert.equal(player.run, player.latest);
  assert.equal(player.time, 10_000);
  player.advance(1016);
  assert.equal(player.time, 26_000);
  assert.equal(player.run.output.length, 10);
});

test("late events do not turn the clock back, early ones set it right", () => {
  const player = new Player();
  const { events } = chatter(100);
  player.append(events.slice(0, 50), 1000);
  player.advance(1100);
  const before = player.time;
  player.append(events.slice(50, 60), 1100);
  assert.equal(player.time, before);
  player.append(events.slice(60), 1010);
  assert.ok(player.time >= before);
});

test("back in time the run goes on unseen, and back to live shows it all", () => {
  const player = new Player();
  const { events } = chatter(300);
  player.append(events.slice(0, 100), 0);
  player.seekSeq(50);
  assert.equal(player.mode, "replay");
  const shown = player.run;
  player.append(events.slice(100), 200);
  player.advance(250);
  assert.equal(player.run, shown);
  assert.equal(player.latest.seq, events.length);
  player.step(1);
  assert.equal(player.run.seq, 51);
  player.step(-2);
  assert.equal(player.run.seq, 49);
  player.follow();
  assert.equal(player.mode, "live");
  assert.equal(player.run, player.latest);
});

test("a run that ends while one follows it is finished, not live, and its time stands still", () => {
  const player = new Player();
  const { events } = ended(chatter(20));
  player.append(events, 500);
  assert.equal(player.mode, "finished");
  const { time } = player;
  assert.equal(player.advance(9000), false);
  assert.equal(player.time, time);
  player.seekTime(10_000);
  assert.equal(player.mode, "replay");
  player.follow();
  assert.equal(player.mode, "finished");
});

test("a recorded run is never live, plays at its speed and stops at its end", () => {
  const player = new Player({ recorded: true });
  player.append(ended(chatter(100)).events, 0);
  assert.equal(player.mode, "replay");
  assert.equal(player.time, 0);
  player.speed = 2;
  player.advance(1000);
  player.play();
  player.advance(1020);
  assert.equal(player.time, 40_000);
  player.pause();
  player.advance(1100);
  assert.equal(player.time, 40_000);
  player.play();
  player.advance(1200);
  assert.deepEqual([player.time, player.isPlaying, player.mode], [100_000, false, "replay"]);
  assert.equal(player.run.finish?.outcome, "completed");
});

test("a replay of a live run that reaches the newest event is live again", () => {
  const player = new Player();
  player.append(chatter(100).events, 0);
  player.advance(0);
  player.seekTime(50_000);
  player.play();
  player.speed = 8;
  player.advance(100);
  assert.equal(player.mode, "live");
});

test("events that are there already are left out; a gap is a mistake", () => {
  const player = new Player();
  const { events } = chatter(20);
  player.append(events.slice(0, 10), 0);
  player.append(events.slice(5, 15), 0);
  assert.deepEqual(plain(player.latest), plain(foldLog(events.slice(0, 15))));
  assert.throws(() => player.append(events.slice(17), 0), RangeError);
});

test("a batch of events changes no state that was seen before, and ends where each event alone would", () => {
  const { events } = ended(chatter(300));
  const player = new Player();
  player.append(events.slice(0, 40), 0);
  const seen = player.run;
  const before = JSON.stringify(plain(seen));
  player.append(events.slice(40), 0);
  assert.equal(JSON.stringify(plain(seen)), before);
  assert.deepEqual(plain(player.run), plain(events.reduce((run, event) => applyEvent(run, event), EMPTY_RUN)));
});

test("a run that arrives faster than it happened is caught up with, a live one is not", () => {
  const { events } = chatter(400);
  const [late, live] = [new Player(), new Player()];
  for (const { player, pace } of [{ player: late, pace: 0.1 }, { player: live, pace: 1 }]) {
    for (let place = 0; place + 100 <= events.length; place += 100) {
      const now = 1000 + place * pace;
      player.append(events.slice(place, place + 100), now + 100 * pace);
      player.advance(now + 100 * pace);
    }
  }
  assert.deepEqual([late.isCatchingUp, live.isCatchingUp], [true, false]);
  late.advance(1100);
  assert.equal(late.isCatchingUp, false);
});

test("that a run is caught up with is known from its second frame, however slowly it arrives", () => {
  const { events } = chatter(400);
  const player = new Player();
  const known = [0, 30, 60, 90].map((place) => {
    const now = 1000 + place / 2;
    player.append(events.slice(place, place + 30), now);
    player.advance(now);
    return player.isCatchingUp;
  });
  assert.deepEqual(known, [false, true, true, true], "the first may be of a run that has just begun");
});
