/** One sentence an event, in both languages. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { say } from "../../web/base/text.js";
import { foldLog } from "../../web/model/run.js";
import { sentence } from "../../web/model/sentence.js";
import { Log, SUPERVISOR } from "./log.js";

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** @type {Record<string, { zh: string, en: string }>} */
const TABLE = JSON.parse(read("web/text/page.json"));
/** @type {import("../../web/protocol.js").Event[]} */
const samples = read("server/protocol/samples.ndjson").trim().split("\n").map((line) => JSON.parse(line));

/** @param {"zh" | "en"} lang */
const textOf = (lang) => Object.fromEntries(Object.entries(TABLE).map(([key, sentences]) => [key, sentences[lang]]));

for (const lang of /** @type {const} */ (["zh", "en"])) {
  test(`every kind has a sentence without an empty place (${lang})`, () => {
    const run = foldLog(samples);
    for (const event of samples) {
      const words = sentence(event, run, textOf(lang));
      assert.doesNotMatch(words, /event\.|[{}]|undefined|null/, `${event.type}: ${words}`);
      assert.ok(words.length > 4, `${event.type}: ${words}`);
    }
  });
}

test("a sentence calls each process by the name and pid it had then", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").born(1, 11, 10, "小明").dead(2, 11, 10, 1).born(3, 11, 10, "小红");
  log.add(4, "process.signaled", 11, { signal: "SIGTERM", from: "visitor" });
  const run = foldLog(log.events);
  const words = log.events.map((event) => sentence(event, run, textOf("zh")));
  assert.equal(words[1], "观察者启动 main(10)，它是这次运行的第一个进程");
  assert.equal(words[3], "main(10) fork 出小明(11)");
  assert.equal(words[5], "小明(11) 退出，退出码 1");
  assert.equal(words.at(-1), "访客发出的 SIGTERM 到达小红(11)");
});

test("a long value is shortened by characters, not in the middle of one", () => {
  const log = new Log().born(0, 10, SUPERVISOR, "main").add(1, "variable.set", 10, { name: "s", value: "😀".repeat(99) });
  const words = sentence(/** @type {any} */ (log.events.at(-1)), foldLog(log.events), textOf("en"));
  assert.equal(words, `main(10) has s = ${"😀".repeat(59)}…`);
});

test("a Chinese name has no spaces around it in a Chinese sentence, and keeps its own", () => {
  const text = { reaped: "由 {by} 回收", lock: "锁\u00a0{name}", "two": "{one} 比 {other} 多" };
  assert.equal(say(text, "reaped", { by: "观察者" }), "由观察者回收");
  assert.equal(say(text, "reaped", { by: "W-1" }), "由 W-1 回收");
  assert.equal(say(text, "reaped", { by: "1 号 车" }), "由 1 号 车回收");
  assert.equal(say(text, "lock", { name: "筷子" }), "锁\u00a0筷子");
  assert.equal(say(text, "two", { one: "甲", other: "B" }), "甲比 B 多");
});
