/**
 * `<variable-panel>`: the variables of each process side by side; the same name, another value in each. What lies in
 * shared memory stands above, once, with the process that set it last.
 *
 * Data down: `view`. Wishes up: `select`.
 *
 * @import { JsonValue } from "../protocol.js"
 * @import { Process, Run, SharedVariable, Variable } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { say } from "../base/text.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, write } from "./dom.js";
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

  connectedCallback() {
    this.append(this.#shared, this.#owners);
  }

  /** @param {VariableView} view */
  set view(view) {
    const [title, list] = this.#shared.children;
    this.#shared.hidden = view.run.shared.length === 0;
    if (title?.firstElementChild) write(title.firstElementChild, say(view.text, "variables.shared"));
    if (list) keyed(list, view.run.shared, ({ key }) => key, makeShared, (line, variable) => updateShared(line, variable, view));
    const owners = [...view.run.processes].filter(({ variables }) => variables.length > 0);
    keyed(this.#owners, owners, ({ key }) => key, makeOwner, (node, process) => updateOwner(node, process, view));
  }
}

function makeOwner() {
  return h("div", { class: "owner" }, h("p", {}, makeChip(), h("b", {})), h("dl", {}));
}

/**
 * @param {HTMLElement} node
 * @param {Process} process
 * @param {VariableView} view
 */
function updateOwner(node, process, { text, selection }) {
  const [chip, name] = node.firstElementChild?.children ?? [];
  const chosen = selection?.kind === "process" && selection.key === process.key;
  node.style.setProperty("--own", colour(process));
  attribute(node, "data-process", process.key);
  attribute(node, "data-gone", process.exited !== null);
  if (chip instanceof HTMLButtonElement) updateChip(chip, process, { chosen, label: `${process.label} · ${process.pid}` });
  if (name) write(name, process.label);
  keyed(/** @type {Element} */ (node.querySelector("dl")), process.variables, (variable) => variable.name, makeVariable, (line, variable) => updateVariable(line, variable, text));
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

function makeVariable() {
  return h("div", {}, h("dt", { class: "mono" }), h("dd", { class: "mono" }));
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
