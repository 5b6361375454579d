/**
 * A word of the field that explains itself where it stands: a dotted line below it, and one sentence on pointing at it,
 * focusing it or pressing it. The sentences stand in the text table under `term.….means`.
 *
 * How it works: one note for the whole page, in the top layer so that no panel cuts it off.
 *
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { h, write } from "./dom.js";

/** @typedef {"zombie" | "orphan" | "reaped" | "fork" | "apply" | "copy"} Term */

const GAP = 6;

/** @type {HTMLElement | null} */
let note = null;
/** What is explained now. @type {{ node: HTMLElement, meaning: () => string } | null} */
let shown = null;

/**
 * A word with its meaning.
 * @param {TextTable} text
 * @param {Term} term
 * @param {string} words
 * @returns {HTMLButtonElement}
 */
export function makeTerm(text, term, words) {
  const means = say(text, `term.${term}.means`);
  const button = h("button", { type: "button", class: "term", "aria-description": means }, words);
  explain(button, () => means);
  return button;
}

/**
 * Shows what a node means while one points at it or focuses it.
 * @param {HTMLElement} node
 * @param {() => string} meaning empty for nothing to say
 */
export function explain(node, meaning) {
  const show = () => open(node, meaning);
  node.addEventListener("pointerenter", show);
  node.addEventListener("pointerleave", close);
  node.addEventListener("focus", show);
  node.addEventListener("blur", close);
  node.addEventListener("click", show);
  node.addEventListener("keydown", ({ code }) => code === "Escape" && close());
}

/**
 * Shows the new meaning of a node whose word has changed, if it is the one that is explained.
 * @param {HTMLElement} node
 */
export function reword(node) {
  if (shown?.node === node) open(node, shown.meaning);
}

/**
 * @param {HTMLElement} node
 * @param {() => string} meaning
 */
function open(node, meaning) {
  const words = meaning();
  if (words === "") return close();
  shown = { node, meaning };
  note ??= document.body.appendChild(h("div", { class: "meaning", popover: "manual", "aria-hidden": "true" }));
  write(note, words);
  note.showPopover();
  const { left, top, bottom } = node.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = note;
  const below = bottom + GAP + offsetHeight <= innerHeight ? bottom + GAP : top - GAP - offsetHeight;
  note.style.left = `${Math.max(GAP, Math.min(left, innerWidth - offsetWidth - GAP))}px`;
  note.style.top = `${Math.max(GAP, below)}px`;
}

function close() {
  shown = null;
  note?.hidePopover();
}
