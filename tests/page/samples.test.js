/** Every kind of event that the server can write means something to the page. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { applyEvent, foldLog } from "../../web/model/run.js";
import { EMPTY_RUN } from "../../web/model/state.js";
import { plain } from "./log.js";

/** @import { Event } from "../../web/protocol.js" */

const SAMPLES = new URL("../../server/protocol/samples.ndjson", import.meta.url);
/** @type {Event[]} */
const events = readFileSync(SAMPLES, "utf8").trim().split("\n").map((line) => JSON.parse(line));

test("one line of every kind folds without an unknown kind or a stray pid", () => {
  const run = foldLog(events);
  assert.equal(run.unknown, 0);
  assert.equal(run.stray, 0);
  assert.equal(run.seq, events.length);
  assert.equal(run.finish?.outcome, "completed");
  assert.deepEqual(run.meter, { started: 1, exited: 1, reaped: 1 });
});

test("folding changes neither the state nor the event", () => {
  let run = EMPTY_RUN;
  for (const event of events) {
    const line = JSON.stringify(event);
    const before = plain(run);
    const next = applyEvent(run, event);
    assert.deepEqual(plain(run), before);
    assert.equal(JSON.stringify(event), line);
    run = next;
  }
});

test("a kind from a newer server is counted and changes nothing else", () => {
  const before = foldLog(events.slice(0, 5));
  const later = /** @type {Event} */ (/** @type {unknown} */ ({ seq: 6, t: 5500, type: "process.dreamt" }));
  const after = applyEvent(before, later);
  assert.deepEqual(plain(after), plain({ ...before, seq: 6, t: 5500, unknown: 1 }));
});

test("every state on the way can be shown", () => {
  let run = EMPTY_RUN;
  const states = events.map((event) => {
    run = applyEvent(run, event);
    return run.processes.length === 0 ? null : run.processes.at(0).state;
  });
  const seen = states.filter((state, place) => state !== states[place - 1]);
  assert.deepEqual(seen, [null, "starting", "running", "waiting", "stopped", "waiting", "exited", "zombie", "reaped"]);
});
