/** Which program the address asks for, and what is said when it cannot run. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isHere, runtimeFault, runtimeOf } from "../../web/pages/playground/address.js";

/** @import { Card, Runtime } from "../../web/protocol.js" */

const both = { zh: "说明", en: "words" };
const reader = { lang: /** @type {const} */ ("zh"), text: { "controls.fault.choice": "只能选：{options}" } };

/** @param {Runtime[]} runtimes @param {Card["missing"]} [missing] @returns {Card} */
function card(runtimes, missing) {
  const sources = runtimes.map((runtime) => ({ runtime, file: `main.${runtime}`, text: "" }));
  return { id: "pool", title: both, summary: both, text: both, params: [], sources, ...(missing ? { missing } : {}) };
}

test("the first program runs unless the address asks for another one that is there", () => {
  const twins = card(["rust", "python"]);
  assert.deepEqual([null, "python", "rust", "cobol"].map((asked) => runtimeOf(twins, asked)), ["rust", "python", "rust", "rust"]);
  assert.equal(runtimeOf(card(["python"]), "rust"), "python");
  assert.deepEqual(["rust", "python", "program", null].map((asked) => isHere(twins, asked)), [true, true, false, false]);
});

test("a program that is not there is told: why, or which there are", () => {
  const why = { zh: "这台机器没有 Python", en: "This host has no Python" };
  const lonely = card(["rust"], [{ runtime: "python", why }]);
  assert.deepEqual(runtimeFault(lonely, "python", reader), { runtime: "这台机器没有 Python" });
  assert.deepEqual(runtimeFault(lonely, "cobol", reader), { runtime: "只能选：rust" });
  assert.deepEqual([runtimeFault(lonely, null, reader), runtimeFault(lonely, "rust", reader)], [{}, {}]);
});
