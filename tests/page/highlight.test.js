/** Colours of source: every character stays, in its line; strings and comments over several lines stay whole. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { highlight } from "../../web/elements/source/highlight.js";

/** @param {string} text @param {"rust" | "python"} runtime @returns {string[]} `kind:text` of what is coloured */
const coloured = (text, runtime) =>
  highlight(text, runtime).flat().filter(({ kind }) => kind !== "").map(({ kind, text: part }) => `${kind}:${part}`);

test("Rust: lifetimes are no characters, macros and calls are titles", () => {
  const line = "fn f<'a>(x: &'a str) { println!(\"{}\", 'x'); g(1_000u64) } // end";
  assert.deepEqual(coloured(line, "rust"), [
    ...["keyword:fn", "title:println!", 'string:"{}"', "string:'x'", "title:g", "number:1_000u64", "comment:// end"],
  ]);
});

test("Rust: a string over two lines is a string in both", () => {
  const lines = highlight('let s = "a \\\n  b";', "rust");
  assert.deepEqual(lines.map((line) => line.at(line.length > 1 ? -1 : 0)?.kind), ["string", ""]);
  assert.equal(lines[1]?.[0]?.kind, "string");
});

test("Python: triple quotes, f-strings, decorators", () => {
  assert.deepEqual(coloured('@x\ndef f():\n    """a\n    b"""\n    return f"{y}" # z', "python"), [
    ...["title:@x", "keyword:def", "title:f", 'string:"""a', 'string:    b"""', "keyword:return", 'string:f"{y}"', "comment:# z"],
  ]);
});

test("not a character of any scenario's program is lost or moved to another line", () => {
  const folder = new URL("../../scenarios/", import.meta.url);
  const programs = readdirSync(folder).flatMap((id) =>
    /** @type {const} */ ([["main.rs", "rust"], ["main.py", "python"]]).map(([file, runtime]) => ({ url: new URL(`${id}/${file}`, folder), runtime })));
  let read = 0;
  for (const { url, runtime } of programs) {
    let text;
    try {
      text = readFileSync(url, "utf8").trimEnd();
    } catch {
      continue;
    }
    read += 1;
    const lines = highlight(text, runtime).map((line) => line.map((token) => token.text).join(""));
    assert.deepEqual(lines, text.split("\n"), String(url));
  }
  assert.ok(read >= 12, `only ${read} programs were found`);
});
