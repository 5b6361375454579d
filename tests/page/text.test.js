/** The table of sentences: what the page says is there, and nothing is there that it never says. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const web = new URL("../../web/", import.meta.url);
const files = ["base", "elements", "model", "pages", "sources", "templates"].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, web), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(js|html)$/.test(name))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(new URL(`${folder}/${name}`, web), "utf8") })),
);
/** @type {string[]} */
const keys = Object.keys(JSON.parse(readFileSync(new URL("text/page.json", web), "utf8")));

/** Keys that are written out, as `say(text, "run.run")` or `text.get("run.run")`. */
const written = files.flatMap(({ name, text }) =>
  [...text.matchAll(/(?:say|count)\(\w+, "([\w.-]+)"|text\.get\("([\w.-]+)"\)/g)].map((match) => ({ name, key: match[1] ?? match[2] ?? "" })),
);

test("every sentence that a module or template asks for is in the table", () => {
  assert.ok(written.length > 100);
  for (const { name, key } of written) assert.ok(keys.includes(key), `${name} asks for ${key}`);
});

test("every sentence in the table is asked for", () => {
  const source = files.map(({ text }) => text).join("\n");
  const stems = [...source.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? "");
  for (const key of keys) {
    const isWritten = source.includes(`"${key.replace(/\.one$/, "")}"`);
    assert.ok(isWritten || stems.some((stem) => key.startsWith(stem)), `nobody says ${key}`);
  }
});
