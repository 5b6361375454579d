/** What screen readers are told, and how events are found. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { digest } from "../../web/model/digest.js";
import { foldLog } from "../../web/model/run.js";
import { KINDS, kindOf, matches } from "../../web/model/search.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
/** @type {Record<string, { zh: string, en: string }>} */
const sentences = JSON.parse(read("web/text/page.json"));
const text = Object.fromEntries(Object.entries(sentences).map(([key, { en }]) => [key, en]));

const family = () => new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "download").born(1, 12, 10, "getfile");

/** @param {Log} log @param {number} from */
const told = (log, from) => digest(log.events.slice(from), foldLog(log.events), text);

test("three births and two items are one sentence, and names are told where there is one", () => {
  const log = family();
  for (const item of [1, 2]) log.add(2, "queue.put", 11, { queue: 1, item, size: item, bytes: 4 });
  assert.equal(told(log, 0), "3 processes started; download(11) put 2 items");
  assert.equal(told(log.add(3, "queue.get", 12, { queue: 1, item: 1, size: 1, bytes: 4 }), log.events.length - 1), "getfile(12) took 1 item");
});

test("what went wrong comes before what went well, and nothing is said of nothing", () => {
  const log = family();
  const before = log.events.length;
  log.add(2, "output", 11, { stream: "stdout", text: "x" }).dead(3, 11, 10, 0).dead(3, 12, 10, "SIGKILL");
  assert.match(told(log, before), /^getfile\(12\) is ended by SIGKILL; download\(11\) exits with code 0; download\(11\) printed 1 line$/);
  assert.equal(told(log, log.events.length), "");
  assert.equal(told(log.add(4, "process.sampled", 10, { state: "S", cpu_us: 1, rss_kib: 1 }), log.events.length - 1), "");
});

test("no more than three things are said at once", () => {
  const log = family();
  for (const pid of [10, 11, 12]) log.add(2, "output", pid, { stream: "stdout", text: "x" });
  assert.equal(told(log, 0).split("; ").length, 3);
});

test("every kind of event belongs to a family that has a name", () => {
  /** @type {import("../../web/protocol.js").Event[]} */
  const samples = read("server/protocol/samples.ndjson").trim().split("\n").map((line) => JSON.parse(line));
  const families = new Set(samples.map(({ type }) => kindOf(type)));
  assert.deepEqual([...families].sort(), [...KINDS].sort());
  for (const kind of ["all", ...KINDS]) assert.ok(sentences[`events.kind.${kind}`], kind);
  assert.equal(kindOf("process.stopped"), "signal");
  assert.equal(kindOf("message.rejected"), "run");
});

test("events are found by kind, by name, by pid and by words", () => {
  const log = family().add(2, "output", 12, { stream: "stdout", text: "Saved 1.png" });
  const run = foldLog(log.events);
  const found = (/** @type {import("../../web/model/search.js").Wanted} */ wanted) => log.events.filter((event) => matches(event, wanted, text, run)).length;
  assert.equal(found({ kind: "output", needle: "" }), 1);
  assert.equal(found({ kind: "all", needle: "saved" }), 1);
  assert.equal(found({ kind: "all", needle: "download" }), 2);
  assert.equal(found({ kind: "all", needle: "12" }), 3);
  assert.equal(found({ kind: "process", needle: "saved" }), 0);
});
