/** The live source against a server made by hand: answers, order, gaps, broken connections, going away. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { LiveSource } from "../../web/sources/live.js";
import { Refusal } from "../../web/sources/source.js";
import { Stage } from "./connection.js";

/** What a live source tells. */
class Server extends Stage {
  /** @type {number[]} */
  seqs = [];

  source = new LiveSource(
    {
      events: (events) => this.seqs.push(...events.map(({ seq }) => seq)),
      status: (status) => this.told.push(status),
      problem: ({ code }) => this.told.push(`problem ${code}`),
      queued: (queued) => this.told.push(queued ? `queued ${queued.position}` : "not queued"),
    },
    this.world,
  );
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A server on which a run was started and one event was sent. */
async function started() {
  const server = new Server();
  const start = server.source.start({ scenario: "pool", params: { workers: 5 } });
  server.latest.open();
  server.latest.say({ id: server.latest.received[0].id, ok: { run: "r1", token: "t1" } });
  assert.deepEqual(await start, { run: "r1", token: "t1" });
  server.latest.events("r1", 1, 1);
  return server;
}

test("a run is started with the first frame of the socket, and its events are handed on", async () => {
  const server = await started();
  assert.deepEqual(server.latest.received, [{ id: 1, op: "start", scenario: "pool", params: { workers: 5 } }]);
  server.latest.events("r1", 2, 4);
  assert.deepEqual(server.seqs, [1, 2, 3, 4]);
  assert.deepEqual(server.told, ["connecting", "online", "not queued"]);
});

test("events that come before the answer to start are kept for it", async () => {
  const server = new Server();
  const start = server.source.start({ scenario: "pool", params: {} });
  server.latest.open().events("r1", 1, 2).events("other", 1, 1);
  server.latest.say({ id: 1, ok: { run: "r1", token: "t1" } });
  await start;
  assert.deepEqual(server.seqs, [1, 2]);
});

test("a refused start says which field is wrong and follows nothing", async () => {
  const server = new Server();
  const start = server.source.start({ scenario: "pool", params: { workers: 99 } });
  server.latest.open();
  server.latest.say({ id: 1, error: { code: "invalid_params", message: "no", fields: { workers: "1 to 16" } } });
  await assert.rejects(start, (error) => error instanceof Refusal && error.problem.fields?.workers === "1 to 16");
  server.latest.break();
  assert.equal(server.timers.length, 0);
});

test("a place in the queue is told until the run begins", async () => {
  const server = new Server();
  const start = server.source.start({ scenario: "pool", params: {} });
  server.latest.open().say({ id: 1, ok: { run: "r1", token: "t1" } });
  await start;
  server.latest.say({ run: "r1", queued: { position: 2, eta_s: 9 } }).say({ run: "r1", queued: { position: 1, eta_s: 4 } });
  server.latest.events("r1", 1, 1);
  assert.deepEqual(server.told.slice(2), ["queued 2", "queued 1", "not queued"]);
});

test("a broken connection is tried again, ever later, and goes on after the last event", async () => {
  const server = await started();
  server.latest.events("r1", 2, 7).break();
  const waits = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    waits.push(server.fireTimer());
    if (attempt < 8) server.latest.break();
  }
  assert.deepEqual(waits, [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  server.latest.open();
  assert.deepEqual(server.latest.received, [{ id: 2, op: "follow", run: "r1", after: 7 }]);
  server.latest.say({ id: 2, ok: { run: "r1" } }).events("r1", 8, 9);
  assert.deepEqual(server.seqs, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  server.latest.break();
  assert.equal(server.fireTimer(), 50, "after a good connection the waiting begins anew");
});

test("when the network is back one need not wait", async () => {
  const server = await started();
  server.latest.break();
  server.source.retry();
  assert.equal(server.connections.length, 2);
  assert.equal(server.timers.length, 0);
});

test("what comes twice is handed on once, and a gap is asked for", async () => {
  const server = await started();
  server.latest.events("r1", 1, 3).events("r1", 6, 7);
  assert.deepEqual(server.latest.received.at(-1), { id: 2, op: "follow", run: "r1", after: 3 });
  server.latest.events("r1", 4, 7).events("r1", 7, 8);
  assert.deepEqual(server.seqs, [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("after the last event a closed connection stays closed", async () => {
  const server = await started();
  server.latest.events("r1", 2, 3, "run.finished").break();
  assert.equal(server.timers.length, 0);
  assert.equal(server.told.at(-1), "ended");
});

test("signals and stop carry the token; a lost answer is a refusal, never a silence", async () => {
  const server = await started();
  const signal = server.source.signal(4713, "SIGKILL");
  assert.deepEqual(server.latest.received.at(-1), { id: 2, op: "signal", run: "r1", token: "t1", pid: 4713, signal: "SIGKILL" });
  server.latest.say({ id: 2, ok: { run: "r1" } });
  await signal;
  const stop = server.source.stop();
  assert.deepEqual(server.latest.received.at(-1), { id: 3, op: "stop", run: "r1", token: "t1" });
  server.latest.break();
  await assert.rejects(stop, (error) => error instanceof Refusal && error.problem.code === "connection_lost");
});

test("what is asked while the connection is down is sent when it is back", async () => {
  const server = await started();
  server.latest.break();
  const stop = server.source.stop();
  server.fireTimer();
  server.latest.open();
  assert.deepEqual(server.latest.received.map(({ op }) => op), ["stop", "follow"]);
  server.latest.say({ id: server.latest.received[0].id, ok: { run: "r1" } });
  await stop;
});

test("a run that is gone is told once and not asked for again", async () => {
  const server = new Server();
  server.source.follow("r0", { token: "t0" });
  server.latest.open().say({ id: 1, error: { code: "unknown_run", message: "gone" } });
  await settled();
  server.latest.break();
  assert.deepEqual(server.told, ["connecting", "online", "problem unknown_run", "ended"]);
  assert.equal(server.timers.length, 0);
});

test("another run leaves the former one", async () => {
  const server = await started();
  const start = server.source.start({ scenario: "pool", params: {} });
  assert.deepEqual(server.latest.received.slice(1).map(({ op, run }) => [op, run]), [["unfollow", "r1"], ["start", undefined]]);
  server.latest.events("r1", 2, 2).say({ id: 3, ok: { run: "r2", token: "t2" } });
  await start;
  server.latest.events("r1", 3, 3).events("r2", 1, 2);
  assert.deepEqual(server.seqs, [1, 1, 2]);
  assert.equal(server.source.token, "t2");
});

test("an answer without id is a problem for the reader", async () => {
  const server = await started();
  server.latest.say({ error: { code: "bad_frame", message: "no JSON" } });
  assert.equal(server.told.at(-1), "problem bad_frame");
});

test("once closed it tells nothing more and opens nothing", async () => {
  const server = await started();
  const stop = server.source.stop();
  const { latest } = server;
  server.source.close();
  await assert.rejects(stop, Refusal);
  latest.events("r1", 2, 3);
  assert.deepEqual(server.seqs, [1]);
  assert.equal(server.timers.length, 0);
  assert.ok(latest.isClosed);
});
