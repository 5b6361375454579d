/** Who waits for whom: what is hopeless is told in words, and nothing is that may still go on. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { foldLog } from "../../web/model/run.js";
import { stuck } from "../../web/model/waits.js";
import { findingSentence } from "../../web/model/waits/words.js";
import { Log, SUPERVISOR } from "./log.js";

/** @import { Event } from "../../web/protocol.js" */

/** @type {Record<string, { zh: string, en: string }>} */
const sentences = JSON.parse(readFileSync(new URL("../../web/text/page.json", import.meta.url), "utf8"));
/** @param {"zh" | "en"} lang */
const table = (lang) => Object.fromEntries(Object.entries(sentences).map(([key, words]) => [key, words[lang]]));

const MAIN = 1;
/** When nothing has happened for long. @param {Log} log @param {number} [ms] */
const found = (log, ms = 9000) => stuck(foldLog(log.events), ms * 1000);
/** @param {Log} log @param {number} [ms] @param {"zh" | "en"} [lang] */
const told = (log, ms = 9000, lang = "en") => {
  const run = foldLog(log.events);
  return stuck(run, ms * 1000).map((finding) => findingSentence(table(lang), run, finding, ms * 1000));
};

/** A log with a main process and some children: pids 11, 12 … @param {...string} names */
function family(...names) {
  const log = new Log().born(1, MAIN, SUPERVISOR, "Main");
  names.forEach((name, place) => log.born(2, 11 + place, MAIN, name));
  return log;
}

/** What the kernel says. @param {Log} log @param {number} ms @param {number} pid @param {string} [waiting] */
const sleeps = (log, ms, pid, waiting = "futex") => log.add(ms, "process.sampled", pid, { state: "S", cpu_us: 1, rss_kib: 1, waiting });
/** @param {Log} log @param {number} ms @param {"waiting" | "acquired" | "released" | "timeout"} what @param {number} pid @param {string} name */
const lock = (log, ms, what, pid, name) => log.add(ms, `sync.${what}`, pid, { object: name.charCodeAt(0), name, kind: "lock" });
/** @param {Log} log @param {number} ms @param {number} pid @param {number} child */
const joins = (log, ms, pid, child) => sleeps(log.add(ms, "sync.waiting", pid, { object: child, name: "child", kind: "process" }), ms, pid, `wait4(${child})`);

/** @param {Log} log @param {number} ms @param {"sent" | "received"} what @param {number} pid @param {number} item */
const pipe = (log, ms, what, pid, item) => log.add(ms, `pipe.${what}`, pid, { pipe: 1, item, bytes: 9 });
/** One waits at its end of the pipe. @param {Log} log @param {number} ms @param {number} pid @param {string} [waiting] */
const atPipe = (log, ms, pid, waiting = "poll") => sleeps(log.add(ms, "sync.waiting", pid, { object: 1, name: "Pipe-1", kind: "pipe" }), ms, pid, waiting);

/** Two processes, each with the lock that the other one wants; the parent waits for the first. */
function twoLocks() {
  const log = family("P1", "P2");
  lock(log, 10, "acquired", 11, "A");
  lock(log, 20, "acquired", 12, "B");
  sleeps(lock(log, 30, "waiting", 11, "B"), 31, 11);
  sleeps(lock(log, 40, "waiting", 12, "A"), 41, 12);
  return joins(log, 50, MAIN, 11);
}

describe("stuck for ever", () => {
  test("what somebody did for a moment, told a second later with the measured memory, does not wake him", () => {
    const log = twoLocks().add(1100, "process.sampled", MAIN, { state: "S", cpu_us: 80, rss_kib: 1, private_kib: 5, waiting: "wait4(11)" });
    const followers = (/** @type {number} */ ms) => found(log, ms).map((finding) => finding.followers.length);
    assert.deepEqual(followers(1200), [1]);
    log.add(1300, "process.sampled", MAIN, { state: "S", cpu_us: 1080, rss_kib: 1, waiting: "wait4(11)" });
    assert.deepEqual(followers(1400), [0], "who works is not stuck");
  });

  test("two locks in two orders are a ring, and who joins hangs with it", () => {
    assert.deepEqual(told(twoLocks(), 2140), [
      "P1 waits for lock B, which P2 holds; P2 waits for lock A, which P1 holds; Main waits for P1 to end; for 2.10 s",
    ]);
    assert.deepEqual(told(twoLocks(), 2140, "zh"), [
      "P1 在等锁\u00a0B，它在 P2 手里；P2 在等锁\u00a0A，它在 P1 手里；Main 在等 P1 结束；已经 2.10 s",
    ]);
    assert.deepEqual(found(twoLocks()).map(({ kind }) => kind), ["deadlock"]);
  });

  test("three philosophers with three forks; the fourth, who eats alone, is not accused", () => {
    const log = family("Plato", "Kant", "Hume", "Mill");
    const forks = ["X", "Y", "Z"];
    forks.forEach((fork, place) => lock(log, 10, "acquired", 11 + place, fork));
    forks.forEach((_, place) => sleeps(lock(log, 20 + place, "waiting", 11 + place, forks[(place + 1) % 3] ?? ""), 30, 11 + place));
    sleeps(log, 30, 14, "nanosleep");
    assert.deepEqual(told(log, 1022), ["Plato waits for lock Y, which Kant holds; Kant waits for lock Z, which Hume holds; Hume waits for lock X, which Plato holds; for 1.00 s"]);
  });

  test("a task that was lost with its worker never has a result, though the idle workers live", () => {
    const log = family("W-1", "W-2").add(3, "task.submitted", MAIN, { task: 1, name: "eat" }).add(4, "task.started", 11, { task: 1, name: "eat" });
    sleeps(log, 5, 12);
    sleeps(log.add(6, "sync.waiting", MAIN, { object: 1, name: "eat", kind: "task" }), 7, MAIN);
    assert.deepEqual(told(log), [], "the worker may finish it");
    log.dead(100, 11, MAIN, "SIGKILL");
    log.born(101, 13, MAIN, "W-3");
    sleeps(log, 102, 13);
    assert.deepEqual(told(log, 2100), ["Main waits for the result of “eat”, which was lost with W-1; for 2.00 s"]);
  });

  test("a pool that is joined ends only when all tasks have results", () => {
    const log = family("W-1", "W-2").add(3, "task.started", 11, { task: 1, name: "eat" });
    for (const pid of [11, 12]) log.add(4, "process.named", pid, { name: `W-${pid - 10}`, role: "pool-worker" });
    sleeps(log.dead(100, 11, MAIN, "SIGKILL"), 101, 12);
    joins(log, 200, MAIN, 12);
    assert.deepEqual(told(log, 1101), [
      "W-2 is idle and waits for a task; nobody is left who could change that; Main waits for W-2 to end; “eat” was lost with W-1 and will have no result; for 1.00 s",
    ]);
  });

  test("a full queue that nobody reads, and the parent that joins before it reads", () => {
    const log = family("download").add(3, "queue.created", MAIN, { queue: 1, name: "q", capacity: 1 });
    log.add(4, "queue.put", 11, { queue: 1, item: 1, size: 1, bytes: 1 });
    sleeps(log.add(5, "queue.blocked", 11, { queue: 1, op: "put" }), 6, 11);
    joins(log, 7, MAIN, 11);
    assert.deepEqual(told(log, 1005), ["download waits to put into q, which is full; nobody is left who could change that; Main waits for download to end; for 1.00 s"]);
    assert.equal(found(log)[0]?.kind, "abandoned");
  });

  test("a lock that its holder took into death", () => {
    const log = family("P1", "P2");
    lock(log, 10, "acquired", 11, "Lock-1");
    sleeps(lock(log, 20, "waiting", 12, "Lock-1"), 21, 12);
    sleeps(log.dead(1000, 11, MAIN, "SIGKILL"), 1001, MAIN, "wait4(12)");
    assert.deepEqual(told(log, 3000), ["P2 waits for Lock-1, which P1 held when it died; Main waits for P2 to end; for 2.00 s"]);
  });

  test("a lock taken twice by the only process there is", () => {
    const log = family();
    lock(log, 10, "acquired", MAIN, "A");
    sleeps(lock(log, 20, "waiting", MAIN, "A"), 21, MAIN);
    assert.deepEqual(told(log, 1020), ["Main waits for lock A, which it holds itself; nobody is left who could change that; for 1.00 s"]);
  });

  test("a program that says nothing: the kernel's word on who waits for whom", () => {
    const log = family("P1");
    sleeps(log, 10, 11, "read(pipe)");
    sleeps(log, 10, MAIN, "wait4(11)");
    assert.deepEqual(told(log, 1010), ["P1 waits in read(pipe) to be woken; nobody is left who could change that; Main waits for P1 to end; for 1.00 s"]);
  });

  test("both ends of a pipe send and nobody receives: a ring of two", () => {
    const log = pipe(pipe(family("P1"), 10, "sent", MAIN, 1), 11, "received", 11, 1);
    atPipe(pipe(log, 20, "sent", MAIN, 2), 21, MAIN);
    atPipe(pipe(log, 30, "sent", 11, 3), 31, 11, "write(socket)");
    assert.deepEqual(found(log).map(({ kind }) => kind), ["deadlock"]);
    assert.deepEqual(told(log, 1031), ["Main sends into Pipe-1 and waits for P1 to receive; P1 sends into Pipe-1 and waits for Main to receive; for 1.00 s"]);
  });

  test("both ends of a pipe wait to receive", () => {
    const log = pipe(pipe(family("P1"), 10, "sent", MAIN, 1), 11, "received", 11, 1);
    atPipe(atPipe(log, 20, MAIN), 30, 11);
    assert.deepEqual(told(log, 1030, "zh"), ["Main 在等 P1 从Pipe-1的另一头发来；P1 在等 Main 从Pipe-1的另一头发来；已经 1.00 s"]);
  });

  test("both ends of a pipe send more than it holds, and neither ever received: a ring of two", () => {
    /** @type {Event[]} */
    const log = readFileSync(new URL("logs/pipe-both-send.ndjson", import.meta.url), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const stop = log.findIndex(({ type }) => type === "process.signaled");
    const run = foldLog(log.slice(0, stop));
    const at = log[stop]?.t ?? 0;
    const findings = stuck(run, at);
    assert.deepEqual(findings.map(({ kind }) => kind), ["deadlock"]);
    assert.match(findings.map((finding) => findingSentence(table("en"), run, finding, at)).join(), /^MainProcess sends into Pipe-1 and waits for 小明 to receive; 小明 sends into Pipe-1 and waits for MainProcess to receive; for 2\.\d+ s$/);
  });

  test("two who send and of whom nobody takes it may be at one end while a third holds the other", () => {
    const log = family("P1", "P2");
    for (const pid of [11, 12]) atPipe(pipe(log, 20, "sent", pid, pid), 21, pid, "write(socket)");
    assert.deepEqual(found(joins(log, 40, MAIN, 11)).map(({ kind }) => kind), ["abandoned"]);
  });

  test("two who wait at one pipe and never heard of each other may be at the same end", () => {
    const log = atPipe(atPipe(family("P1", "P2"), 20, 11), 30, 12);
    joins(log, 40, MAIN, 11);
    assert.deepEqual(found(log).map(({ kind }) => kind), ["abandoned"]);
  });

  test("two processes of one name are told apart by their pids", () => {
    const log = family("P", "P");
    lock(log, 10, "acquired", 11, "A");
    lock(log, 10, "acquired", 12, "B");
    sleeps(lock(log, 20, "waiting", 11, "B"), 21, 11);
    sleeps(lock(log, 20, "waiting", 12, "A"), 21, 12);
    assert.match(told(log)[0] ?? "", /^P\(11\) waits for lock B, which P\(12\) holds; P\(12\) waits/);
  });
});

describe("no false alarm", () => {
  /** @type {[string, (log: Log) => Log][]} */
  const hopes = [
    ["one of the ring gave up", (log) => sleeps(lock(log, 60, "timeout", 12, "A"), 61, 12, "nanosleep")],
    ["one of the ring has a timeout", (log) => sleeps(log, 60, 12, "futex(timeout)")],
    ["one of the ring is stopped and may be continued", (log) => log.add(60, "process.stopped", 12, { signal: "SIGSTOP" })],
    ["one of the ring runs, in another thread", (log) => log.add(60, "process.sampled", 12, { state: "R", cpu_us: 1, rss_kib: 1 })],
    ["one of the ring died", (log) => log.dead(60, 12, MAIN, "SIGTERM").add(61, "sync.released", 11, { object: 66, name: "B", kind: "lock" })],
  ];
  for (const [why, act] of hopes) test(why, () => assert.deepEqual(found(act(twoLocks())), []));

  test("but a look of the sampler that finds nothing new is no hope", () => {
    const log = sleeps(twoLocks(), 2000, 11);
    assert.equal(found(log, 2001).length, 1);
    assert.deepEqual(found(log.add(3000, "process.sampled", 11, { state: "S", cpu_us: 9000, rss_kib: 1, waiting: "futex" }), 3001), [], "one that finds work done is");
  });

  test("it has only just begun", () => {
    assert.deepEqual(found(twoLocks(), 300), []);
    assert.equal(found(twoLocks(), 500).length, 1);
  });

  test("a holder that sleeps will let go", () => {
    const log = family("P1", "P2");
    sleeps(lock(log, 10, "acquired", 11, "A"), 11, 11, "nanosleep");
    sleeps(lock(log, 20, "waiting", 12, "A"), 21, 12);
    assert.deepEqual(found(joins(log, 30, MAIN, 12)), []);
  });

  test("somebody who sleeps may still put into the queue", () => {
    const log = family("P1", "P2");
    sleeps(log.add(5, "queue.blocked", 11, { queue: 1, op: "get" }), 6, 11);
    sleeps(log, 7, 12, "nanosleep");
    assert.deepEqual(found(joins(log, 8, MAIN, 11)), []);
    sleeps(log, 9, 12, "futex");
    assert.equal(found(log).length, 1, "and when he waits, too, nobody is left");
  });

  test("where the kernel was not asked nothing is certain", () => {
    const log = family("P1", "P2");
    lock(log, 10, "acquired", 11, "A");
    lock(log, 10, "acquired", 12, "B");
    lock(lock(log, 20, "waiting", 11, "B"), 20, "waiting", 12, "A");
    assert.deepEqual(found(log), []);
  });

  test("a lock used as a signal: somebody else may release it", () => {
    const log = family("P1");
    lock(log, 10, "acquired", MAIN, "A");
    sleeps(lock(log, 20, "waiting", MAIN, "A"), 21, MAIN);
    sleeps(log, 21, 11, "nanosleep");
    assert.deepEqual(found(log), []);
    lock(log, 30, "released", 11, "A");
    assert.deepEqual(foldLog(log.events).objects.at(0).holders, [], "and then the one who took it has it no longer");
  });
});
