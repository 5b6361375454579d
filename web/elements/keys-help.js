/**
 * `<keys-help>`: the keys of the timeline and of the replay, in a dialog.
 *
 * Keys are bound by their place, so the dialog shows what stands on the reader's own keyboard at that place, where the
 * browser tells it: Z for W on a French one.
 *
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { h } from "./dom.js";

/** What is on a key of a keyboard with English letters. @type {Readonly<Record<string, string>>} */
const CAPS = { Equal: "+", Minus: "−", Period: ".", Comma: ",", BracketLeft: "[", BracketRight: "]", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Space: "␣" };
/** Keys whose caps say the same everywhere. */
const SAME = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Escape", "Space", "Equal", "Minus"];

/** What keys do, in the order of the dialog: a sentence's key, and the places of the keys; `=` before what is meant by its sign. */
const GROUPS = /** @type {const} */ ([
  ["help.timeline", [
    ["help.zoom", ["KeyW", "KeyS", "Equal", "Minus"]],
    ["help.pan", ["KeyA", "KeyD", "ArrowLeft", "ArrowRight"]],
    ["help.scroll", ["ArrowUp", "ArrowDown"]],
    ["help.focus", ["KeyF"]],
    ["help.fit", ["Digit0"]],
    ["help.step", ["Comma", "Period"]],
    ["help.cause", ["BracketLeft", "BracketRight"]],
    ["help.mark", ["KeyM"]],
    ["help.turn", ["Space"]],
    ["help.search", ["=/"]],
    ["help.clear", ["Escape"]],
    ["help.help", ["=?"]],
  ]],
  ["help.replay", [
    ["help.turn", ["Space"]],
    ["help.tenth", ["Digit0", "=…", "Digit9"]],
    ["help.step", ["ArrowLeft", "ArrowRight"]],
  ]],
  ["help.tree", [
    ["help.signal.stop", ["KeyP", "KeyC"]],
    ["help.signal.end", ["=Del", "KeyK"]],
    ["help.menu", ["=☰"]],
  ]],
  ["help.pointer", [
    ["help.wheel", ["=Ctrl", "=⊚"]],
    ["help.range", ["=⇧", "=↔"]],
    ["help.axis", ["=↔"]],
    ["help.press", ["=⊙"]],
  ]],
]);

export class KeysHelp extends HTMLElement {
  #dialog = h("dialog", { class: "panel help" });

  connectedCallback() {
    this.append(this.#dialog);
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** @param {TextTable} text */
  async open(text) {
    const map = await layoutMap();
    const close = h("button", { type: "button", class: "button quiet small", "aria-label": say(text, "help.close"), title: say(text, "help.close"), onclick: () => this.#dialog.close() }, "×");
    const groups = GROUPS.map(([title, rows]) => h("section", {}, h("h3", {}, say(text, title)), h("dl", {}, ...rows.map(([words, codes]) => row(say(text, words), codes, map)))));
    this.#dialog.setAttribute("aria-label", say(text, "help.title"));
    this.#dialog.replaceChildren(h("header", {}, h("h2", {}, say(text, "help.title")), close), h("p", { class: "hint" }, say(text, "help.where")), ...groups);
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}

/**
 * @param {string} words
 * @param {readonly string[]} codes
 * @param {ReadonlyMap<string, string>} map
 */
function row(words, codes, map) {
  return h("div", {}, h("dt", {}, ...codes.map((code) => h("kbd", {}, capOf(code, map)))), h("dd", {}, words));
}

/**
 * @param {string} code
 * @param {ReadonlyMap<string, string>} map
 */
function capOf(code, map) {
  if (code.startsWith("=")) return code.slice(1);
  // A digit stands on its key everywhere, also where it takes Shift to write it.
  const own = SAME.includes(code) || code.startsWith("Digit") ? undefined : map.get(code)?.toUpperCase();
  return own ?? CAPS[code] ?? code.replace(/^(Key|Digit)/, "");
}

/**
 * What stands on the reader's keys.
 * @returns {Promise<ReadonlyMap<string, string>>} empty where the browser does not tell
 */
async function layoutMap() {
  const { keyboard } = /** @type {{ keyboard?: { getLayoutMap(): Promise<ReadonlyMap<string, string>> } }} */ (/** @type {unknown} */ (navigator));
  return (await keyboard?.getLayoutMap().catch(() => null)) ?? new Map();
}

customElements.define("keys-help", KeysHelp);
