/** What processes share: variables in shared memory, pipes, locks; and what the page's panels make of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { foldLog } from "../../web/model/run.js";
import { Log, plain, SUPERVISOR } from "./log.js";

const pair = () => new Log().born(1, 10, SUPERVISOR, "Main").born(2, 11, 10, "P-1").born(2, 12, 10, "P-2");

test("a shared variable is one for all and knows who set it last; a process's own stays its own", () => {
  const log = pair();
  log.add(3, "variable.set", 11, { name: "n", value: 1, shared: 7 }).add(4, "variable.set", 12, { name: "n", value: 1, shared: 7 });
  log.add(5, "variable.set", 11, { name: "m", value: 5 }).add(6, "variable.set", 12, { name: "n", value: 2, shared: 8 });
  const run = foldLog(log.events);
  assert.deepEqual(plain([...run.shared].map(({ id, name, value, process, history }) => [id, name, value, process, history.length])), [
    [7, "n", 1, 2, 2],
    [8, "n", 2, 2, 1],
  ]);
  assert.deepEqual([...run.processes].map(({ variables }) => variables.map(({ name }) => name)), [[], ["m"], []]);
});

test("a pipe counts what went in and came out, and who stands at its ends", () => {
  const log = pair();
  log.add(3, "pipe.sent", 11, { pipe: 1, item: 1, bytes: 8 }).add(4, "pipe.sent", 11, { pipe: 1, item: 2, bytes: 8 });
  log.add(5, "pipe.received", 12, { pipe: 1, item: 1, bytes: 8 }).add(6, "pipe.sent", 12, { pipe: 2, item: 1, bytes: 8 });
  const run = foldLog(log.events);
  assert.deepEqual(plain(run.pipes), [
    { key: 0, id: 1, sent: 2, received: 1, senders: [1], receivers: [2] },
    { key: 1, id: 2, sent: 1, received: 0, senders: [2], receivers: [] },
  ]);
  assert.deepEqual([...run.messages].map(({ received }) => received?.t ?? null), [5000, null, null]);
});

test("a lock is held by one, a semaphore by several; the dead keep a lock until another gets it", () => {
  const log = pair();
  const sync = (/** @type {number} */ ms, /** @type {any} */ type, /** @type {number} */ pid, kind = "lock") => log.add(ms, type, pid, { object: 1, name: "x", kind });
  const holders = () => [...foldLog(log.events).objects].map((object) => object.holders.map(({ process }) => process));
  sync(3, "sync.acquired", 11);
  sync(4, "sync.acquired", 11, "semaphore");
  sync(5, "sync.acquired", 12, "semaphore");
  sync(5, "sync.waiting", 12);
  assert.deepEqual(holders(), [[1], [1, 2]]);
  log.dead(6, 11, 10, "SIGKILL");
  assert.deepEqual(holders(), [[1], [1, 2]], "who dies with it keeps it");
  sync(7, "sync.acquired", 12);
  assert.deepEqual(holders(), [[2], [1, 2]], "until a lock that can be had again is had by another");
  sync(8, "sync.released", 12, "semaphore");
  sync(9, "sync.released", 12, "semaphore");
  sync(10, "sync.released", 12, "semaphore");
  assert.deepEqual(holders(), [[2], []], "units can be given back by anyone, and once too often");
});
