/** A series of runs against a server made by hand: one after the other, refusals, broken connections, the stop. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Series } from "../../web/sources/series.js";
import { Refusal } from "../../web/sources/source.js";
import { Stage } from "./connection.js";

const START = { scenario: "pool", params: {} };

/** What a series says and asks. */
class Played extends Stage {
  /** @type {string[]} */
  ended = [];

  series = new Series(
    {
      ended: (place, { run, events }) => this.ended.push(`${place} ${run} ${events.map(({ seq }) => seq)}`),
      standing: (standing) => this.told.push(standing.kind === "waiting" ? `waiting ${standing.seconds}` : standing.kind),
    },
    this.world,
  );

  /** The ops that the server heard on the newest socket. */
  get heard() {
    return this.latest.received.map(({ op }) => op);
  }

  /**
   * Answers the last start.
   * @param {string} run
   */
  async begin(run) {
    this.latest.say({ id: this.latest.received.at(-1).id, ok: { run, token: "t" } });
    await settled();
  }

  /** @param {string} run */
  async finish(run) {
    this.latest.events(run, 1, 2, "run.finished");
    await settled();
  }

  /** @param {object} error */
  async refuse(error) {
    this.latest.say({ id: this.latest.received.at(-1).id, error: { message: "no", ...error } });
    await settled();
  }

  /** Lets the time of the newest timer come, and what follows happen. */
  async passTime() {
    const ms = this.fireTimer();
    await settled();
    return ms;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("each run begins when the one before has ended, all on one socket, which is closed in the end", async () => {
  const stage = new Played();
  const played = stage.series.play([START, { ...START, seed: 7 }]);
  stage.latest.open();
  await stage.begin("r1");
  assert.deepEqual(stage.heard, ["start"], "the second waits for the first");
  await stage.finish("r1");
  assert.equal(stage.latest.received[1].seed, 7);
  await stage.begin("r2");
  await stage.finish("r2");
  assert.equal(await played, true);
  assert.deepEqual(stage.ended, ["0 r1 1,2", "1 r2 1,2"]);
  assert.equal(stage.connections.length, 1);
  assert.ok(stage.latest.isClosed);
});

test("a full server is asked again when it says so, and not before", async () => {
  const stage = new Played();
  const played = stage.series.play([START]);
  stage.latest.open();
  await stage.refuse({ code: "busy", retry_after_s: 4 });
  assert.deepEqual(stage.heard, ["start"]);
  assert.equal(stage.told.at(-1), "waiting 4");
  assert.equal(await stage.passTime(), 4000);
  assert.deepEqual(stage.heard, ["start", "start"]);
  await stage.begin("r1");
  stage.latest.say({ run: "r1", queued: { position: 2, eta_s: 3 } });
  assert.equal(stage.told.at(-1), "queued");
  await stage.finish("r1");
  assert.equal(await played, true);
});

test("what the server will never do ends the series with its reason", async () => {
  const stage = new Played();
  const played = stage.series.play([START, START]);
  stage.latest.open();
  const rejected = assert.rejects(played, (error) => error instanceof Refusal && error.problem.code === "invalid_params");
  await stage.refuse({ code: "invalid_params" });
  await rejected;
  assert.ok(stage.latest.isClosed);
  assert.deepEqual(stage.ended, []);
});

test("a broken connection is resumed in the middle of a run; no event is lost or doubled", async () => {
  const stage = new Played();
  const played = stage.series.play([START]);
  stage.latest.open();
  await stage.begin("r1");
  stage.latest.events("r1", 1, 3).break();
  assert.equal(stage.told.at(-1), "offline");
  await stage.passTime();
  stage.latest.open();
  assert.deepEqual(stage.latest.received, [{ id: 2, op: "follow", run: "r1", after: 3 }]);
  assert.equal(stage.told.at(-1), "running");
  stage.latest.events("r1", 3, 5, "run.finished");
  assert.equal(await played, true);
  assert.deepEqual(stage.ended, ["0 r1 1,2,3,4,5"]);
});

test("a start whose answer was lost is repeated, ever later", async () => {
  const stage = new Played();
  const played = stage.series.play([START]);
  for (const ms of [50, 100, 200]) {
    stage.latest.open().break();
    await settled();
    assert.equal(await stage.passTime(), ms);
  }
  stage.latest.open();
  await stage.begin("r1");
  await stage.finish("r1");
  assert.equal(await played, true);
});

test("a run that the server lost is begun anew, three times at most", async () => {
  const stage = new Played();
  const played = stage.series.play([START]);
  const rejected = assert.rejects(played, (error) => error instanceof Refusal && error.problem.code === "unknown_run");
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (attempt > 0) await stage.passTime();
    stage.latest.open();
    await stage.begin(`r${attempt}`);
    stage.latest.events(`r${attempt}`, 1, 2).break();
    await stage.passTime();
    stage.latest.open();
    await stage.refuse({ code: "unknown_run" });
  }
  await rejected;
});

test("a run that goes on too long is ended, and the series goes on", async () => {
  const stage = new Played();
  const played = stage.series.play([START, START], 2000);
  stage.latest.open();
  await stage.begin("r1");
  assert.equal(stage.timers.length, 0, "it has not begun");
  stage.latest.events("r1", 1, 1);
  assert.equal(await stage.passTime(), 2000);
  assert.deepEqual(stage.heard, ["start", "stop"]);
  stage.latest.events("r1", 2, 3, "run.finished");
  await settled();
  await stage.begin("r2");
  await stage.finish("r2");
  assert.equal(await played, true);
  assert.deepEqual([stage.ended.length, stage.timers.length], [2, 0]);
});

test("stop ends the run under way and begins no other", async () => {
  const stage = new Played();
  const played = stage.series.play([START, START]);
  stage.latest.open();
  await stage.begin("r1");
  stage.series.stop();
  assert.equal(await played, false);
  assert.deepEqual(stage.latest.received.at(-1), { id: 2, op: "stop", run: "r1", token: "t" });
  await stage.begin("r1");
  assert.ok(stage.latest.isClosed);
  assert.deepEqual(stage.ended, []);
});

test("stop ends a run whose start is not yet answered, and a pause", async () => {
  const starting = new Played();
  const played = starting.series.play([START]);
  starting.latest.open();
  starting.series.stop();
  assert.equal(await played, false);
  await starting.begin("r1");
  assert.deepEqual(starting.heard, ["start", "stop"]);

  const pausing = new Played();
  const paused = pausing.series.play([START]);
  pausing.latest.open();
  await pausing.refuse({ code: "busy", retry_after_s: 9 });
  pausing.series.stop();
  assert.equal(await paused, false);
  assert.deepEqual([pausing.timers.length, pausing.latest.isClosed, pausing.heard], [0, true, ["start"]]);
});
