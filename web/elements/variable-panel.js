/**
 * `<variable-panel>`: the variables of each process, one card a process. At a fork the parent's card splits: the child's
 * has the same values. At a write the value parts: it takes the colour of its process, beside the one that it had from
 * its parent. What lies in shared memory stands above, once, with the process that set it last.
 *
 * Data down: `view`. Wishes up: `select`.
 *
 * @import { JsonValue } from "../protocol.js"
 * @import { Copy, Owner } from "../model/copies.js"
 * @import { Run, SharedVariable, Variable } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { say } from "../base/text.js";
import { ownersOf } from "../model/copies.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, write } from "./dom.js";
import { makeTerm } from "./term.js";
import { byKey, colour } from "./words.js";

/**
 * @typedef {object} VariableView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 */

export class VariablePanel extends HTMLElement {
  #shared = h("div", { class: "owner shared" }, h("p", {}, h("b", {})), h("dl", {}));
  #owners = h("div", { class: "owners" });
  #legend = h("p", { class: "hint legend" });

  connectedCallback() {
    this.append(this.#shared, this.#owners, this.#legend);
  }

  /** @param {VariableView} view */
  set view(view) {
    const { text, run } = view;
    const [title, list] = this.#shared.children;
    this.#shared.hidden = run.shared.length === 0;
    if (title?.firstElementChild) write(title.firstElementChild, say(text, "variables.shared"));
    if (list) keyed(list, run.shared, ({ key }) => key, makeShared, (line, variable) => updateShared(line, variable, view));
    const owners = ownersOf(run);
    keyed(this.#owners, owners, ({ process }) => process.key, makeOwner, (node, owner) => updateOwner(node, owner, view));
    if (this.#legend.childElementCount === 0) this.#legend.append(makeTerm(text, "copy", say(text, "variables.legend")));
    this.#legend.hidden = !owners.some(({ level }) => level > 0);
  }
}

function makeOwner() {
  return h("div", { class: "owner" }, h("p", {}, makeChip(), h("b", {}), h("span", { class: "mark" })), h("dl", {}));
}

/**
 * @param {HTMLElement} node
 * @param {Owner} owner
 * @param {VariableView} view
 */
function updateOwner(node, { process, level, copies }, { text, run, selection }) {
  const [chip, name, mark] = node.firstElementChild?.children ?? [];
  const chosen = selection?.kind === "process" && selection.key === process.key;
  const isParted = copies.some((copy) => copy.isParted);
  node.style.setProperty("--own", colour(process));
  attribute(node, "data-process", process.key);
  attribute(node, "data-level", level);
  attribute(node, "data-parted", isParted);
  attribute(node, "data-gone", process.exited !== null);
  if (chip instanceof HTMLButtonElement) updateChip(chip, process, { chosen, label: `${process.label} · ${process.pid}` });
  if (name) write(name, process.label);
  const parent = byKey(run, process.birthParent)?.label ?? "";
  if (mark) write(mark, level > 0 && !isParted ? say(text, "variables.same", { name: parent }) : "");
  keyed(/** @type {Element} */ (node.querySelector("dl")), copies, (copy) => copy.name, makeCopy, (line, copy) => updateCopy(line, copy, text, level));
}

function makeCopy() {
  return h("div", {}, h("dt", { class: "mono" }), h("dd", { class: "mono" }), h("span", { class: "was mono" }));
}

/**
 * @param {HTMLElement} line
 * @param {Copy} copy
 * @param {TextTable} text
 * @param {number} level of its owner: what the eldest has is nobody's copy
 */
function updateCopy(line, { variable, inherited, isParted }, text, level) {
  updateVariable(line, variable, text);
  attribute(line, "data-copy", level === 0 ? "own" : isParted ? "parted" : "same");
  const was = line.lastElementChild;
  if (!(was instanceof HTMLElement)) return;
  was.hidden = inherited === null || !isParted;
  write(was, inherited ? say(text, "variables.inherited", { value: shown(inherited.value) }) : "");
}

function makeShared() {
  return h("div", {}, h("dt", { class: "mono" }), h("dd", { class: "mono" }), makeChip());
}

/**
 * @param {HTMLElement} line
 * @param {SharedVariable} variable
 * @param {VariableView} view
 */
function updateShared(line, variable, { text, run, selection }) {
  updateVariable(line, variable, text);
  const chip = line.lastElementChild;
  const setter = byKey(run, variable.process);
  if (!(chip instanceof HTMLButtonElement)) return;
  chip.hidden = setter === null;
  line.style.setProperty("--own", colour(setter));
  const chosen = selection?.kind === "process" && selection.key === setter?.key;
  if (setter) updateChip(chip, setter, { chosen, label: `${setter.label} · ${setter.pid}` });
}

/**
 * @param {HTMLElement} node
 * @param {Variable} variable
 * @param {TextTable} text
 */
function updateVariable(node, { name, value, history, seq }, text) {
  const [term, fact] = node.children;
  if (!(term instanceof HTMLElement) || !(fact instanceof HTMLElement)) return;
  write(term, name);
  if (fact.dataset.seq === String(seq)) return;
  fact.dataset.seq = String(seq);
  write(fact, shown(value));
  fact.title = `${say(text, "variables.was", { n: history.length })}\n${JSON.stringify(value)}`;
  fact.classList.remove("fresh");
  requestAnimationFrame(() => fact.classList.add("fresh"));
}

/**
 * A value as the program would print it; of a long list its end, which is where it grows.
 * @param {JsonValue} value
 */
function shown(value) {
  if (!Array.isArray(value) || value.length <= 6) return JSON.stringify(value);
  return `[… ${value.slice(-5).map((one) => JSON.stringify(one)).join(", ")}] (${value.length})`;
}

customElements.define("variable-panel", VariablePanel);
