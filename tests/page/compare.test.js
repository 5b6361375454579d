/** Two runs compared: numbers and sentences from logs that were recorded, checked against the lines of those logs. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { differences, rowsOf } from "../../web/model/compare.js";
import { factsOf } from "../../web/model/compare/facts.js";
import { verdict } from "../../web/model/compare/words.js";
import { Player } from "../../web/model/player.js";
import { standstill } from "../../web/pages/playground/standstill.js";
import { Log, SUPERVISOR } from "./log.js";

const [page, experiments] = ["page", "experiments"].map((name) => JSON.parse(readFileSync(new URL(`../../web/text/${name}.json`, import.meta.url), "utf8")));
const sentences = { ...page, ...experiments };
/** @param {"zh" | "en"} lang */
const textOf = (lang) => Object.fromEntries(Object.keys(sentences).map((key) => [key, sentences[key][lang]]));

/** @import { Event } from "../../web/protocol.js" */

/** @param {string} name @returns {any[]} */
function eventsOf(name) {
  const lines = readFileSync(new URL(`logs/${name}.ndjson`, import.meta.url), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** @param {readonly Event[]} events */
function facts(events) {
  const player = new Player({ recorded: true });
  player.append(events, 0);
  const log = { run: player.latest, events };
  return factsOf(log, standstill({ ...log, time: player.end, at: (t) => player.at(t) }).findings[0]?.kind ?? null);
}

/** @param {string} a @param {string} b */
function compared(a, b) {
  const both = /** @type {const} */ ([facts(eventsOf(a)), facts(eventsOf(b))]);
  const found = differences(...both);
  return { found, rows: rowsOf(...both), zh: verdict(textOf("zh"), found), en: verdict(textOf("en"), found) };
}

/** @param {ReturnType<typeof compared>} comparison @param {string} key */
const row = ({ rows }, key) => rows.find((one) => one.key === key)?.values;

/** The time between pairs of events of a process, as the log's lines have them. */
function between(/** @type {any[]} */ events, /** @type {(event: any) => boolean} */ from, /** @type {(event: any) => boolean} */ to) {
  let total = 0;
  /** @type {Map<number, number>} */
  const open = new Map();
  for (const event of events) {
    if (from(event)) open.set(event.pid, event.t);
    else if (to(event) && open.has(event.pid)) {
      total += event.t - (open.get(event.pid) ?? 0);
      open.delete(event.pid);
    }
  }
  return total;
}

test("apply and apply_async: how much longer, and why", () => {
  const comparison = compared("pool-apply-async", "pool-apply");
  const slow = eventsOf("pool-apply");
  const ofTask = (/** @type {string} */ type) => (/** @type {any} */ event) => event.type === type && event.kind === "task";
  const waited = between(slow, ofTask("sync.waiting"), ofTask("sync.acquired"));
  assert.deepEqual(row(comparison, "results"), [0, waited]);
  assert.deepEqual(row(comparison, "duration"), [278166, 600920]);
  assert.deepEqual(row(comparison, "atOnce"), [3, 1]);
  assert.deepEqual(row(comparison, "done"), [4, 4]);
  assert.equal(comparison.en, `B took 0.32 s longer than A: B did one task at a time, A up to 3 at once, B waited ${(waited / 1e6).toFixed(2)} s more for results; both print the same lines, in another order.`);
  assert.equal(comparison.zh, `B 比 A 多用 0.32 s：B 一次只做一个任务，A 最多 3 个同时做，B 等结果多等了 ${(waited / 1e6).toFixed(2)} s；打印的内容一样，先后不同。`);
});

test("the other way round, the same is said of the other side", () => {
  const comparison = compared("pool-apply", "pool-apply-async");
  assert.match(comparison.en, /^A took 0\.32 s longer than B: A did one task at a time, B up to 3 at once/);
  assert.deepEqual(row(comparison, "duration"), [600920, 278166]);
  assert.equal(comparison.rows[0]?.more, 278166 - 600920);
});

test("start methods: what a child sees, and the process that one has more", () => {
  const comparison = compared("start-methods-fork", "start-methods-forkserver");
  assert.equal(comparison.en, "They print differently: A says “… 全局变量 m = 2 …”, B says “… 全局变量 m = 1 …”; B has one process more: forkserver.");
  assert.deepEqual(row(comparison, "processes"), [3, 4]);
});

test("Rust and Python: what the interpreter costs", () => {
  const comparison = compared("start-methods-fork", "start-methods-fork-python");
  const zombies = (/** @type {string} */ name) => eventsOf(name).filter(({ type }) => type === "process.zombie");
  const cpu = (/** @type {string} */ name) => zombies(name).reduce((total, { user_us, sys_us }) => total + user_us + sys_us, 0);
  const memory = (/** @type {string} */ name) => Math.max(...zombies(name).map(({ max_rss_kib }) => max_rss_kib));
  assert.deepEqual(row(comparison, "cpu"), [cpu("start-methods-fork"), cpu("start-methods-fork-python")]);
  assert.deepEqual(row(comparison, "memory"), [memory("start-methods-fork"), memory("start-methods-fork-python")]);
  assert.match(comparison.en, /^B took .* longer than A: B used .* more processor time/);
});

test("a lock: what the counter ends at, and what it costs", () => {
  const comparison = compared("race", "race-lock");
  const last = (/** @type {string} */ name) => eventsOf(name).findLast(({ type, shared }) => type === "variable.set" && shared)?.value;
  assert.deepEqual(row(comparison, "value"), [last("race"), last("race-lock")]);
  assert.ok(comparison.en.includes(`ariable n ends at ${last("race")} in A and at ${last("race-lock")} in B`), comparison.en);
  assert.equal(row(comparison, "sync")?.[0], 0);
});

test("a queue whose reader is slow: where the writer's time went", () => {
  const comparison = compared("queue-fast", "queue-slow");
  const slow = eventsOf("queue-slow");
  const ofPut = (/** @type {string} */ type) => (/** @type {any} */ event) => event.type === type && event.op === "put";
  assert.equal(row(comparison, "put")?.[1], between(slow, ofPut("queue.blocked"), ofPut("queue.unblocked")));
  assert.match(comparison.en, /^B took 0\.59 s longer than A: .*B waited .* more for room in a queue/);
});

test("a deadlock counts before all else, and no time is compared with a run that was stopped", () => {
  const comparison = compared("deadlock", "deadlock-ordered");
  assert.equal(comparison.en, "A is stuck in a deadlock, B is not; A ended as “Stopped”, B as “Completed”.");
  assert.deepEqual(comparison.found.map(({ kind }) => kind).includes("slower"), false);
});

test("a run is like itself", () => {
  const comparison = compared("pool-apply", "pool-apply");
  assert.equal(comparison.en, "Nothing differs by more than chance.");
  assert.ok(comparison.rows.every(({ more }) => more === 0));
});

test("tasks that were lost, processes that ended badly", () => {
  const pool = (/** @type {boolean} */ isKilled) => {
    const log = new Log().born(1, 1, SUPERVISOR, "MainProcess").born(2, 11, 1, "Worker-1");
    log.add(3, "task.submitted", 1, { task: 1, name: "t" }).add(4, "task.started", 11, { task: 1, name: "t" });
    if (!isKilled) log.add(5, "task.finished", 11, { task: 1, name: "t", value: null });
    log.dead(6, 11, 1, isKilled ? "SIGKILL" : 0).dead(7, 1, SUPERVISOR);
    return facts(log.add(8, "run.finished", undefined, { outcome: "completed", reason: "", duration_us: 8000, processes: { started: 2, exited: 2, reaped: 2 }, events: 12 }).events);
  };
  const found = differences(pool(false), pool(true));
  assert.equal(verdict(textOf("en"), found), "B finished none of 1 tasks, A finished 1; processes that did not end well: 1 in B (Worker-1 SIGKILL), 0 in A.");
});

test("an orphan, and a zombie that waits", () => {
  const family = (/** @type {boolean} */ isWaitedFor) => {
    const log = new Log().born(1, 1, SUPERVISOR, "MainProcess").born(2, 11, 1, "小明").born(3, 12, 1, "小红");
    log.add(4, "process.exited", 11, { code: 0 }).add(5, "process.zombie", 11, { user_us: 1, sys_us: 1, max_rss_kib: 1 });
    log.add(isWaitedFor ? 6 : 900, "process.reaped", 11, { by: 1 });
    if (isWaitedFor) log.dead(901, 12, 1);
    log.dead(902, 1, SUPERVISOR);
    if (!isWaitedFor) log.add(903, "process.reparented", 12, { ppid: SUPERVISOR, was: 1 }).dead(950, 12, SUPERVISOR);
    return facts(log.add(951, "run.finished", undefined, { outcome: "completed", reason: "", duration_us: 951_000, processes: { started: 3, exited: 3, reaped: 3 }, events: 0 }).events);
  };
  const found = differences(family(true), family(false));
  assert.equal(verdict(textOf("en"), found), "One process was orphaned in B, 0 in A; a zombie in B waited 0.89 s longer to be reaped.");
  assert.equal(verdict(textOf("zh"), found), "B 里有一个进程成了孤儿，A 里有 0 个；B 里有僵尸多等了 0.89 s 才被回收。");
});

test("rows are only what both have", () => {
  const none = compared("deadlock", "pool-apply");
  assert.deepEqual(["atOnce", "put", "latency"].map((key) => row(none, key)), [undefined, undefined, undefined]);
});
