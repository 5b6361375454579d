/**
 * `<process-tree>`: the processes as a tree, the supervisor at its root, each with its state and what it does.
 *
 * How it works: rows are flat in the document (one row a process, in the order of a walk through the tree) with
 * `aria-level`, as the ARIA tree pattern allows. One row can be focused at a time; arrow keys move, left folds, right
 * unfolds. A folded row shows the sums of what is below it.
 *
 * Data down: `view`. Wishes up: `select`.
 *
 * @import { Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { CodeAt, Selection } from "./words.js"
 */

import { duration, memory } from "../base/duration.js";
import { say } from "../base/text.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour, doing } from "./words.js";

/**
 * @typedef {object} TreeView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 * @property {number} now
 * @property {CodeAt} codeAt
 */

/** @typedef {{ key: number, level: number, process: Process | null, below: number }} Row `key` -1 is the supervisor */

const ROOT = -1;

export class ProcessTree extends HTMLElement {
  /** @type {TreeView | null} */
  #view = null;
  /** @type {Row[]} */
  #rows = [];
  /** @type {Set<number>} */
  #folded = new Set();
  /** The row that Tab reaches. */
  #current = ROOT;
  #list = h("div", { class: "rows", role: "tree" });
  #empty = h("p", { class: "empty" });

  connectedCallback() {
    this.append(this.#list, this.#empty);
    this.#list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {TreeView} view */
  set view(view) {
    this.#view = view;
    this.#show(view);
  }

  /** @param {TreeView} view */
  #show(view) {
    const isEmpty = view.run.head === null;
    this.#empty.hidden = !isEmpty;
    write(this.#empty, say(view.text, "tree.empty"));
    this.#list.hidden = isEmpty;
    attribute(this.#list, "aria-label", say(view.text, "tree.title"));
    if (view.run.processes.length === 0) this.#folded.clear();
    this.#rows = isEmpty ? [] : rowsOf(view.run, this.#folded);
    if (!this.#rows.some((row) => row.key === this.#current)) this.#current = ROOT;
    keyed(this.#list, this.#rows, (row) => row.key, () => this.#make(), (node, row) => this.#update(node, row, view));
  }

  #make() {
    return h("div", { class: "row", role: "treeitem" },
      h("button", { type: "button", class: "fold", tabindex: -1, "aria-hidden": "true" }),
      h("span", { class: "dot" }),
      h("span", { class: "name" }, h("b", {}), h("span", { class: "does" })),
      h("span", { class: "sums mono" }), h("span", { class: "pid mono" }), h("span", { class: "state" }));
  }

  /**
   * @param {HTMLElement} node
   * @param {Row} row
   * @param {TreeView} view
   */
  #update(node, row, view) {
    const { key, level, process } = row;
    const isFolded = this.#folded.has(key);
    const isChosen = process !== null && view.selection?.kind === "process" && view.selection.key === key;
    attribute(node, "data-process", process?.key);
    attribute(node, "aria-level", level);
    attribute(node, "aria-expanded", row.below === 0 ? null : String(!isFolded));
    attribute(node, "aria-selected", String(isChosen));
    attribute(node, "tabindex", key === this.#current ? 0 : -1);
    attribute(node, "data-gone", process ? process.state === "reaped" : view.run.finish !== null);
    node.style.setProperty("--level", String(level - 1));
    node.style.setProperty("--own", colour(process));
    node.onclick = (event) => this.#press(event, key);
    fill(node, row, isFolded, view);
  }

  /**
   * @param {MouseEvent} event
   * @param {number} key
   */
  #press(event, key) {
    if (event.target instanceof Element && event.target.closest(".fold")) this.#fold(key, !this.#folded.has(key));
    else this.#choose(key);
  }

  /** @param {number} key */
  #choose(key) {
    this.#focus(key);
    const isChosen = this.#view?.selection?.kind === "process" && this.#view.selection.key === key;
    wish(this, "select", key === ROOT || isChosen ? null : { kind: "process", key });
  }

  /** @param {number} key */
  #focus(key) {
    this.#current = key;
    const place = this.#rows.findIndex((row) => row.key === key);
    for (const [index, node] of [...this.#list.children].entries()) attribute(node, "tabindex", index === place ? 0 : -1);
    const node = this.#list.children[place];
    if (node instanceof HTMLElement) node.focus();
  }

  /**
   * @param {number} key
   * @param {boolean} isFolded
   */
  #fold(key, isFolded) {
    if (isFolded) this.#folded.add(key);
    else this.#folded.delete(key);
    if (this.#view) this.#show(this.#view);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = this.#rows.findIndex((row) => row.key === this.#current);
    const row = this.#rows[place];
    if (!row || !this.#act(event.code, place, row)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {string} code
   * @param {number} place
   * @param {Row} row
   * @returns {boolean} whether the key means something here
   */
  #act(code, place, row) {
    const to = (/** @type {number} */ index) => this.#focus(this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))]?.key ?? ROOT);
    const isFolded = this.#folded.has(row.key);
    if (code === "ArrowDown") to(place + 1);
    else if (code === "ArrowUp") to(place - 1);
    else if (code === "Home") to(0);
    else if (code === "End") to(this.#rows.length - 1);
    else if (code === "ArrowRight") isFolded ? this.#fold(row.key, false) : row.below > 0 && to(place + 1);
    else if (code === "ArrowLeft") row.below > 0 && !isFolded ? this.#fold(row.key, true) : to(parentPlace(this.#rows, place));
    else if (code === "Enter" || code === "Space") this.#choose(row.key);
    else return false;
    return true;
  }
}

/**
 * @param {readonly Row[]} rows
 * @param {number} place
 */
function parentPlace(rows, place) {
  const level = rows[place]?.level ?? 1;
  for (let above = place - 1; above >= 0; above -= 1) if ((rows[above]?.level ?? 1) < level) return above;
  return place;
}

/**
 * The rows to show, parents above children in order of birth.
 * @param {Run} run
 * @param {ReadonlySet<number>} folded
 * @returns {Row[]}
 */
function rowsOf(run, folded) {
  /** @type {Row[]} */
  const rows = [];
  const walk = (/** @type {readonly number[]} */ keys, /** @type {number} */ level, /** @type {boolean} */ isShown) => {
    let sum = keys.length;
    for (const key of keys) {
      const process = run.processes.at(key);
      /** @type {Row} */
      const row = { key, level, process, below: 0 };
      if (isShown) rows.push(row);
      row.below = walk(process.children, level + 1, isShown && !folded.has(key));
      sum += row.below;
    }
    return sum;
  };
  /** @type {Row} */
  const root = { key: ROOT, level: 1, process: null, below: 0 };
  rows.push(root);
  root.below = walk(run.roots, 2, !folded.has(ROOT));
  return rows;
}

/**
 * @param {HTMLElement} node
 * @param {Row} row
 * @param {boolean} isFolded
 * @param {TreeView} view
 */
function fill(node, { process, key, below }, isFolded, { text, run, now, codeAt }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  part(".dot").classList.toggle("square", process === null);
  write(part(".name b"), process?.label ?? say(text, "tree.supervisor"));
  write(part(".does"), process ? doing(text, run, process, now, codeAt) : say(text, "tree.supervisor.does"));
  write(part(".pid"), String(process?.pid ?? run.head?.supervisor ?? ""));
  write(part(".sums"), isFolded ? sums(run, key) : process ? used(process) : "");
  part(".fold").hidden = below === 0;
  const state = process?.state ?? (run.finish ? "reaped" : "waiting");
  attribute(part(".state"), "data-state", state);
  write(part(".state"), say(text, `state.${state}`));
}

/** @param {Process} process */
function used({ zombie, sample }) {
  if (zombie) return duration(zombie.user_us + zombie.sys_us);
  return sample ? `${duration(sample.cpu_us)}  ${memory(sample.rss_kib)}` : "";
}

/**
 * Processor time and memory of a process and all below it.
 * @param {Run} run
 * @param {number} key
 */
function sums(run, key) {
  let [cpu, rss, processes] = [0, 0, 0];
  const add = (/** @type {number} */ one) => {
    const { zombie, sample, children } = run.processes.at(one);
    cpu += zombie ? zombie.user_us + zombie.sys_us : (sample?.cpu_us ?? 0);
    rss += zombie ? 0 : (sample?.rss_kib ?? 0);
    processes += 1;
    children.forEach(add);
  };
  if (key === ROOT) run.roots.forEach(add);
  else add(key);
  return `Σ${processes}  ${duration(cpu)}  ${memory(rss)}`;
}

customElements.define("process-tree", ProcessTree);
