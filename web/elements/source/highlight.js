/**
 * Colours for Rust and Python, by tokens only: enough to read by, no grammar.
 *
 * A line at a time would lose strings and comments that go over several lines, so the whole text is read and the
 * tokens are then cut into lines.
 *
 * @import { Runtime } from "../../protocol.js"
 */

/** @typedef {"keyword" | "string" | "number" | "comment" | "title" | ""} Kind `title`: what is called or defined */
/** @typedef {{ kind: Kind, text: string }} Token */

const RUST = words(`as async await break const continue crate dyn else enum extern false fn for if impl in let loop match
  mod move mut pub ref return self Self static struct super trait true type unsafe use where while`);
const PYTHON = words(`False None True and as assert async await break class continue def del elif else except finally for
  from global if import in is lambda nonlocal not or pass raise return try while with yield self`);

/** Strings of Rust: raw, of bytes, plain; a character is no lifetime. */
const RUST_TOKENS = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<string>b?r(?<hashes>#*)"[\s\S]*?"\k<hashes>|b?"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\[^\n]+?|[^'\\\n])')`,
    String.raw`(?<number>\b\d[\d_]*(?:\.\d[\d_]*)?(?:[a-z]\w*)?)`,
    String.raw`(?<word>'?[\p{L}_][\p{L}\p{N}_]*!?)`,
  ].join("|"),
  "gu",
);

/** Strings of Python: triple first. */
const PYTHON_TOKENS = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<string>[rbfuRBFU]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
    String.raw`(?<number>\b\d[\d_]*(?:\.\d[\d_]*)?)`,
    String.raw`(?<word>@?[\p{L}_][\p{L}\p{N}_]*)`,
  ].join("|"),
  "gu",
);

/**
 * The lines of a program, each as its tokens.
 * @param {string} text
 * @param {Runtime} runtime
 * @returns {Token[][]}
 */
export function highlight(text, runtime) {
  /** @type {Token[][]} */
  const lines = [[]];
  for (const { kind, text: piece } of tokens(text.trimEnd(), runtime)) {
    for (const [place, part] of piece.split("\n").entries()) {
      if (place > 0) lines.push([]);
      if (part !== "") add(/** @type {Token[]} */ (lines.at(-1)), { kind, text: part });
    }
  }
  return lines;
}

/**
 * Plain text after plain text is one token.
 * @param {Token[]} line
 * @param {Token} token
 */
function add(line, token) {
  const last = line.at(-1);
  if (last?.kind === "" && token.kind === "") last.text += token.text;
  else line.push(token);
}

/**
 * @param {string} text
 * @param {Runtime} runtime
 * @returns {Generator<Token, void, void>}
 */
function* tokens(text, runtime) {
  const keywords = runtime === "rust" ? RUST : PYTHON;
  let end = 0;
  for (const match of text.matchAll(runtime === "rust" ? RUST_TOKENS : PYTHON_TOKENS)) {
    if (match.index > end) yield { kind: "", text: text.slice(end, match.index) };
    end = match.index + match[0].length;
    yield { kind: kindOf(match.groups ?? {}, keywords, text.slice(end, end + 1)), text: match[0] };
  }
  if (end < text.length) yield { kind: "", text: text.slice(end) };
}

/**
 * @param {Record<string, string | undefined>} groups
 * @param {ReadonlySet<string>} keywords
 * @param {string} next the character after it
 * @returns {Kind}
 */
function kindOf({ comment, string, number, word }, keywords, next) {
  if (comment !== undefined) return "comment";
  if (string !== undefined) return "string";
  if (number !== undefined) return "number";
  if (word === undefined) return "";
  if (keywords.has(word)) return "keyword";
  return next === "(" || word.endsWith("!") || word.startsWith("@") ? "title" : "";
}

/** @param {string} list */
function words(list) {
  return new Set(list.split(/\s+/));
}
