/** Parameters are checked on the page as the server checks them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOf } from "../../web/elements/controls/field.js";

/** @import { JsonValue, Param } from "../../web/protocol.js" */

const both = { zh: "", en: "" };
/** @param {Record<string, unknown>} kind @returns {Param} */
const param = (kind) => /** @type {Param} */ ({ name: "x", title: both, help: both, ...kind });
/** @param {Record<string, unknown>} kind @param {JsonValue} value */
const isRight = (kind, value) => faultOf({}, param(kind), value) === "";

test("numbers: type and range", () => {
  const integer = { type: "integer", min: 1, max: 16, default: 5 };
  assert.deepEqual([1, 16, 0, 17, 2.5, "5", "", null].map((value) => isRight(integer, value)), [true, true, false, false, false, false, false, false]);
  const number = { type: "number", min: 0, max: 1, step: 0.1, unit: "s", default: 1 };
  assert.deepEqual([0, 0.25, 1.1, Number.NaN, true].map((value) => isRight(number, value)), [true, true, false, false, false]);
});

test("words: one of the choices; yes or no; a short line", () => {
  const choice = { type: "choice", options: [{ value: "a", title: both }], default: "a" };
  assert.deepEqual(["a", "b", null].map((value) => isRight(choice, value)), [true, false, false]);
  assert.deepEqual([true, false, "true", 1].map((value) => isRight({ type: "boolean", default: true }, value)), [true, true, false, false]);
  const line = { type: "text", max_chars: 3, default: "小明" };
  assert.deepEqual(["小明", "𠮷𠮷𠮷", "", "abcd", "a\nb"].map((value) => isRight(line, value)), [true, true, false, false, false]);
});
