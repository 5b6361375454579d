/** What two runs of one program share in the page: the same process in each, and what happened in one part of the time. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rowsOfRange } from "../../web/model/compare/range.js";
import { counterpart } from "../../web/model/counterpart.js";
import { sumsOf } from "../../web/model/range.js";
import { foldLog } from "../../web/model/run.js";
import { momentWords, readTwinMoment } from "../../web/pages/playground/twin-address.js";
import { Log, SUPERVISOR } from "./log.js";

/** A run in which the children are born in that order, with pids that tell nothing. @param {number} base @param {...string} names */
function family(base, ...names) {
  const log = new Log().born(1, base, SUPERVISOR, "MainProcess");
  names.forEach((name, place) => log.born(2 + place, base + 10 - place, base, name));
  return log;
}

/** @param {Log} log @param {Log} other @param {number} key */
function found(log, other, key) {
  const [run, far] = [foldLog(log.events), foldLog(other.events)];
  return counterpart(run.processes.at(key), run, far)?.key ?? null;
}

test("the same process has the same name, whenever it was born and whatever its pid is", () => {
  const [a, b] = [family(1000, "听歌", "吃饭"), family(2000, "吃饭", "听歌")];
  assert.deepEqual([0, 1, 2].map((key) => found(a, b, key)), [0, 2, 1]);
});

test("of several of one name, the one in the same place among them", () => {
  const [a, b] = [family(1000, "P", "Q", "P"), family(2000, "P", "P", "Q")];
  assert.deepEqual([1, 2, 3].map((key) => found(a, b, key)), [1, 3, 2]);
});

test("another name but the same place and part in the program; where there is none, nobody", () => {
  const worker = (/** @type {string} */ name, /** @type {number} */ base) => family(base, name).add(9, "process.named", base + 10, { name, role: "pool-worker" });
  assert.equal(found(worker("ForkPoolWorker-1", 1000), worker("SpawnPoolWorker-1", 2000), 1), 1);
  assert.equal(found(worker("ForkPoolWorker-1", 1000), family(2000, "听歌"), 1), null, "one that has another part");
  assert.equal(found(family(1000, "听歌"), family(2000), 1), null);
});

test("what happened in a part of the time stands side by side, and what happened in neither is left out", () => {
  const printing = (/** @type {number[]} */ times) => {
    const log = family(1000, "听歌");
    for (const t of times) log.add(t, "output", 1010, { stream: "stdout", text: "la" });
    return log;
  };
  const [a, b] = [[10, 20, 30, 90], [10, 95]].map((times) => {
    const { events } = printing(times);
    return sumsOf(foldLog(events), events, { start: 15_000, end: 90_000 });
  });
  assert.ok(a && b);
  const rows = rowsOfRange(a, b).map(({ key, values, more }) => [key, ...values, more]);
  assert.deepEqual(rows, [["events", 3, 0, -3], ["lines", 3, 0, -3]]);
});

test("what one looks at in both stands in the address, and is read back; nonsense is nothing", () => {
  const moment = { period: { start: 1_250_000, end: 2_000_000 }, time: null, range: { start: 0, end: 500_000 }, marks: [100_000, 700_000] };
  const words = momentWords(moment);
  assert.deepEqual(words, { "twin.t": "1.25-2", "twin.range": "0-0.5", "twin.marks": "0.1,0.7" });
  assert.deepEqual(readTwinMoment(words), moment);
  assert.equal(readTwinMoment({ "twin.t": "2-1", "twin.range": "x", "twin.marks": "-1" }), null);
});
