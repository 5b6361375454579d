/** Lists and maps that never change, against the plain ones. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { NumberMap } from "../../web/base/number-map.js";
import { Vector } from "../../web/base/vector.js";

test("a vector agrees with an array at every length up to three levels of its tree", () => {
  /** @type {Vector<number>} */
  let vector = Vector.empty();
  for (let length = 0; length < 33_000; length += 1) {
    if (length < 1100 || length % 1024 < 2) assert.equal(vector.length, length);
    vector = vector.push(length * 3);
  }
  for (let index = 0; index < vector.length; index += 1) assert.equal(vector.at(index), index * 3);
  assert.deepEqual([...vector.from(32_990)], [32_990, 32_991, 32_992, 32_993, 32_994, 32_995, 32_996, 32_997, 32_998, 32_999].map((n) => n * 3));
  assert.equal(vector.last, 32_999 * 3);
});

test("a changed vector leaves the former one as it was", () => {
  const former = Vector.of(Array.from({ length: 2000 }, (_, index) => index));
  for (const place of [0, 31, 32, 1023, 1024, 1983, 1984, 1999]) {
    const changed = former.with(place, -1);
    assert.equal(changed.at(place), -1);
    assert.equal(former.at(place), place);
    assert.deepEqual([...changed].filter((element) => element < 0), [-1]);
  }
  const [left, right] = [former.push(1), former.push(2)];
  assert.deepEqual([left.last, right.last, former.length], [1, 2, 2000]);
});

test("outside a vector is a mistake", () => {
  const vector = Vector.of([1]);
  for (const index of [-1, 1, Number.NaN]) assert.throws(() => vector.at(index), RangeError);
  assert.throws(() => vector.with(1, 0), RangeError);
});

test("the first element that is not before", () => {
  const vector = Vector.of([1, 3, 5, 7]);
  assert.deepEqual([0, 1, 4, 9].map((limit) => vector.firstNot((element) => element < limit)), [0, 0, 2, 4]);
});

test("the next element from a place on, near or far, that is not before", () => {
  const vector = Vector.of(Array.from({ length: 100 }, (_, place) => Math.floor(place / 7)));
  for (let start = 0; start <= 100; start += 1) {
    for (let limit = 0; limit < 16; limit += 1) {
      const expected = Math.max(start, Math.min(100, 7 * limit));
      assert.equal(vector.nextNot(start, (element) => element < limit), expected, `from ${start}, not before ${limit}`);
    }
  }
});

test("a map agrees with Map for sparse, dense and very large keys", () => {
  const keys = [0, 1, 31, 32, 33, 1024, 1056, 32_768, 4_194_304, 2 ** 40, 2 ** 40 + 32, Number.MAX_SAFE_INTEGER];
  for (let key = 2; key < 5000; key += 7) keys.push(key);
  /** @type {NumberMap<string>} */
  let map = NumberMap.empty();
  /** @type {NumberMap<string>[]} */
  const former = [];
  for (const key of keys) {
    former.push(map);
    assert.equal(map.get(key) ?? `v${key}`, `v${key}`);
    map = map.set(key, `v${key}`);
  }
  for (const key of keys) assert.equal(map.get(key), `v${key}`);
  assert.equal(map.get(2 ** 41), undefined);
  assert.equal(former[3]?.get(32), undefined);
  assert.equal(map.set(32, "new").get(32), "new");
  assert.equal(map.get(32), "v32");
});

test("two lists that go on from the same one do not see each other's elements", () => {
  const common = Vector.of([1, 2, 3]);
  const [first, second] = [common.push(4), common.push(5)];
  assert.deepEqual([[...common], [...first], [...second]], [[1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 5]]);
  assert.deepEqual([...common.with(0, 9).push(6)], [9, 2, 3, 6]);
  assert.equal(common.last, 3);
});
