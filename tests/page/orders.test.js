/** Orders of many runs: grouped, counted and told apart; on recorded runs and on large ones made by hand. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { histogramOf, spreadOf, variablesOf } from "../../web/model/orders/spread.js";
import { favourite, summaryOf } from "../../web/model/orders/summary.js";
import { groupsOf, has, signature } from "../../web/model/orders/tally.js";
import { lineOf, traceOf } from "../../web/model/orders/trace.js";
import { foldLog } from "../../web/model/run.js";

/** @import { Trace } from "../../web/model/orders/trace.js" */

/** @param {string} name of a recorded run */
function traced(name) {
  const text = readFileSync(new URL(`logs/${name}.ndjson`, import.meta.url), "utf8");
  return traceOf(foldLog(text.trim().split("\n").map((line) => JSON.parse(line))));
}

const races = [1, 2, 3].map((n) => traced(`race-${n}`));
const pools = [1, 2, 3].map((n) => traced(`pool-${n}`));

/** @param {Partial<Trace>} some @returns {Trace} */
const made = (some) => ({ run: "", seed: 1, outcome: "completed", duration: 0, lines: [], exits: [], tasks: [], shares: [], values: {}, colours: {}, ...some });
/** A run that printed these lines, each as `who text`. @param {...string} lines */
const printed = (...lines) => made({ lines: lines.map((line) => lineOf(line.slice(0, 1), line.slice(2))) });
/** @param {ReturnType<typeof groupsOf>} groups */
const outline = (groups) => groups.map(({ runs, differs, steps }) => [runs.length, differs, steps.map(({ who, what }) => `${who} ${what}`.trim()).join("|")]);

test("a recorded race: the lines come in one order, though each run has other pids and another total", () => {
  assert.deepEqual(outline(groupsOf(races, "lines")), [[3, null, "小红 小红 数了 4 个人|小明 小明 数了 4 个人|MainProcess 进来 8 人，计数器上是 …，少了 …"]]);
  assert.deepEqual(variablesOf(races), ["n"]);
  const spread = spreadOf(races, ({ values }) => values.n);
  const durations = histogramOf(races, ({ duration }) => duration);
  assert.equal(durations?.bars.reduce((total, { runs }) => total + runs.length, 0), 3);
  assert.ok(durations?.bars.every((bar) => "from" in bar && bar.runs.every(({ duration }) => bar.from <= duration && duration < bar.to)));
  assert.deepEqual(spread?.bars.map((bar) => ["value" in bar && bar.value, bar.runs.length]), [[4, 2], [5, 1]]);
  assert.deepEqual([spread?.kinds, spread?.numbers, spread?.mode], [2, { least: 4, most: 5, median: 4 }, { value: 4, times: 2 }]);
});

test("a recorded pool: which worker prints does not matter, who did which task is another question", () => {
  assert.deepEqual(groupsOf(pools, "lines").map(({ steps: [step] }) => `${step?.who} ${step?.what}`).sort(), ["* 开始 吃饭 进程 …", "* 开始 听音乐 进程 …", "* 开始 听音乐 进程 …"]);
  const groups = groupsOf(pools, "tasks");
  assert.deepEqual(outline(groups), [[2, null, "听音乐|吃饭|打游戏|散步"], [1, 0, "吃饭|听音乐|散步|打游戏"]]);
  const { pair, ...summary } = summaryOf(groups);
  assert.deepEqual(summary, { runs: 3, orders: 2, first: { step: { who: "", what: "听音乐" }, times: 2 } });
  assert.deepEqual([pair?.before.what, pair?.after.what, pair?.times, pair?.of], ["听音乐", "吃饭", 2, 3]);
  assert.equal(groupsOf(pools, "shares").length, 3);
  assert.deepEqual(favourite(groupsOf(pools, "shares")), { who: "ForkPoolWorker-1", what: "听音乐", times: 2 });
  assert.equal(favourite(groupsOf(pools.slice(0, 1), "shares")), null);
  assert.deepEqual(outline(groupsOf(pools, "exits"))[0], [2, null, "ForkPoolWorker-2|ForkPoolWorker-1|MainProcess"]);
  assert.ok(has(pools, "shares") && !has(races, "shares"));
});

test("a number that all runs print tells things apart; one that differs is chance", () => {
  const groups = groupsOf([printed("a put 1.png in 0.31 s", "a put 2.png in 0.50 s"), printed("a put 2.png in 0.11 s", "a put 1.png in 0.75 s"), printed("a put 1.png in 0.44 s", "a put 2.png in 0.10 s")], "lines");
  assert.deepEqual(outline(groups), [[2, null, "a put 1.png in … s|a put 2.png in … s"], [1, 0, "a put 2.png in … s|a put 1.png in … s"]]);
  const shorter = groupsOf([printed("a 1", "a 2"), printed("a 1")], "lines");
  assert.deepEqual(outline(shorter), [[1, null, "a …|a …"], [1, 1, "a …"]]);
});

test("runs that were cut short are compared as far as all of them came", () => {
  const cut = (/** @type {Trace} */ trace) => ({ ...trace, outcome: "stopped" });
  const runs = [printed("a 1", "b 1", "a 2"), printed("a 1", "b 1", "a 2", "b 2"), printed("a 1", "b 1", "b 2", "a 2")];
  assert.deepEqual(outline(groupsOf(runs.map(cut), "lines")).map(([times]) => times), [2, 1]);
  assert.equal(groupsOf(runs, "lines").length, 3);
});

test("a pair is told by the side that wins, and only where both sides do", () => {
  const order = (/** @type {string} */ letters) => made({ tasks: [...letters] });
  const { pair, first } = summaryOf(groupsOf([order("abc"), order("bac"), order("bac"), order("abc"), order("bac")], "tasks"));
  assert.deepEqual([pair?.before.what, pair?.after.what, pair?.times, pair?.of], ["b", "a", 3, 5]);
  assert.deepEqual([first?.step.what, first?.times], ["b", 3]);
  assert.equal(summaryOf(groupsOf([order("abc"), order("abc")], "tasks")).pair, null);
  assert.equal(summaryOf(groupsOf([order("aab"), order("baa")], "tasks")).pair, null, "what happens twice has no one place");
  assert.deepEqual(summaryOf(groupsOf([made({})], "tasks")), { runs: 1, orders: 1, first: null, pair: null });
});

test("values of any kind are counted; many numbers are put into bins that hold all of them", () => {
  const of = (/** @type {any[]} */ values) => spreadOf(values.map((n) => made({ values: { n } })), ({ values: { n } }) => n);
  assert.deepEqual(of([[1], "x", [1]])?.bars.map((bar) => ["value" in bar && bar.value, bar.runs.length]), [[[1], 2], ["x", 1]]);
  assert.equal(of(["x", 1])?.numbers, null);
  assert.deepEqual(of([3, 6, 3])?.bars.map((bar) => ["value" in bar && bar.value, bar.runs.length]), [[3, 2], [4, 0], [5, 0], [6, 1]], "what no run has is seen");
  const binned = of(Array.from({ length: 40 }, (_, n) => 100 + n * 7));
  assert.equal(binned?.bars.reduce((total, { runs }) => total + runs.length, 0), 40);
  assert.ok((binned?.bars.length ?? 99) <= 14 && binned?.bars.every((bar) => "from" in bar && bar.from < bar.to));
  assert.equal(spreadOf([made({})], ({ values: { n } }) => n), null);
});

test("processes without a name are known by their place in the tree", () => {
  const run = foldLog([["process.started", 5, { ppid: 100 }], ["process.started", 6, { ppid: 5 }], ["process.started", 7, { ppid: 5 }], ["output", 7, { stream: "stdout", text: "hi" }], ["process.exited", 7, { code: 0 }], ["process.exited", 6, { code: 0 }]].map(([type, pid, fields], place) => /** @type {any} */ ({ seq: place + 1, t: place, type, pid, .../** @type {object} */ (fields) })));
  assert.deepEqual([traceOf(run).lines[0]?.who, traceOf(run).exits], ["1.2", ["1.2", "1.1"]]);
});

test("a hundred runs of two thousand lines each are told apart by one line, and soon", () => {
  const lines = Array.from({ length: 2000 }, (_, n) => lineOf(`P${n % 8}`, `line ${n} of pid ${n}`));
  const traces = Array.from({ length: 100 }, (_, n) => {
    const own = [...lines];
    if (n % 3 === 0) [own[1999 - n], own[1998 - n]] = [/** @type {any} */ (own[1998 - n]), /** @type {any} */ (own[1999 - n])];
    return made({ lines: own });
  });
  const start = performance.now();
  const groups = groupsOf(traces, "lines");
  assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`);
  assert.deepEqual([groups.length, groups[0]?.runs.length, groups[1]?.differs], [35, 66, 1998]);
  assert.notEqual(signature(groups[0]?.steps ?? []), signature(groups[1]?.steps ?? []));
});
