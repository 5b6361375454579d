/**
 * `<process-tree>`: the processes as a tree, the supervisor at its root, each with its state and what it does.
 *
 * How it works: rows are flat in the document (one row a process, in the order of a walk through the tree) with
 * `aria-level`, as the ARIA tree pattern allows. One row can be focused at a time; arrow keys move, left folds, right
 * unfolds, `*` unfolds all beside it. A folded row shows the sums of what is below it. On a process of one's own run P
 * stops, C continues, Delete terminates and K kills; the menu key and the right mouse button open the same as a menu.
 *
 * Data down: `view`. Wishes up: `select`, `signal`, `menu`.
 *
 * @import { Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { May } from "./signals.js"
 * @import { Row } from "./tree/rows.js"
 * @import { CodeAt, Selection } from "./words.js"
 */

import { say } from "../base/text.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { RowsInSight } from "./in-sight.js";
import { SIGNALS, isOfUse } from "./signals.js";
import { fillGhost, fillRow, makeGhost, makeRow } from "./tree/row.js";
import { ROOT, rowsOf } from "./tree/rows.js";
import { byKey } from "./words.js";

/**
 * @typedef {object} TreeView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 * @property {number} now
 * @property {CodeAt} codeAt
 * @property {Run} latest signals go to the present, whatever moment is looked at
 * @property {May} may
 */

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
  #inSight = new RowsInSight(this, this.#list);

  connectedCallback() {
    this.append(this.#list, this.#empty);
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("focusin", ({ target }) => this.#enter(target));
    this.#list.addEventListener("contextmenu", (event) => this.#menu(event));
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
    let place = 0;
    keyed(this.#list, this.#rows, ({ key, isGhost }) => (isGhost ? `ghost ${key}` : key), ({ isGhost }) => (isGhost ? makeGhost() : makeRow(view.text)), (node, row) => {
      this.#inSight.fill(node, place++, () => this.#update(node, row, view));
    });
  }

  /**
   * @param {HTMLElement} node
   * @param {Row} row
   * @param {TreeView} view
   */
  #update(node, row, view) {
    const { key, level, process, isGhost } = row;
    attribute(node, "data-process", process?.key);
    node.style.setProperty("--level", String(level - 1));
    if (isGhost) return process ? fillGhost(node, process, view) : undefined;
    const isFolded = this.#folded.has(key);
    const isChosen = process !== null && view.selection?.kind === "process" && view.selection.key === key;
    attribute(node, "aria-level", level);
    attribute(node, "aria-posinset", row.place);
    attribute(node, "aria-setsize", row.siblings);
    attribute(node, "aria-expanded", row.below === 0 ? null : String(!isFolded));
    attribute(node, "aria-selected", String(isChosen));
    attribute(node, "tabindex", key === this.#current ? 0 : -1);
    attribute(node, "data-gone", process ? process.state === "reaped" : view.run.finish !== null);
    node.onclick = (event) => this.#press(event, key);
    fillRow(node, row, isFolded, view);
  }

  /**
   * @param {MouseEvent} event
   * @param {number} key
   */
  #press(event, key) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset.signal) this.#send(key, button.dataset.signal);
    else if (button) this.#fold(key, !this.#folded.has(key));
    else this.#choose(key);
  }

  /**
   * @param {number} key
   * @param {string} signal
   * @returns {boolean} whether there is somebody to send it to
   */
  #send(key, signal) {
    const { latest, may } = this.#view ?? {};
    const process = latest && key !== ROOT ? byKey(latest, key) : null;
    if (!process || !may || !isOfUse(process, signal, may)) return false;
    wish(this, "signal", { pid: process.pid, signal });
    return true;
  }

  /** @param {MouseEvent} event of the mouse, or of the menu key on a focused row */
  #menu(event) {
    const row = event.target instanceof Element ? event.target.closest(".row") : null;
    if (!(row instanceof HTMLElement) || row.dataset.process === undefined || this.#view?.may !== "own") return;
    event.preventDefault();
    const { left, bottom } = row.getBoundingClientRect();
    const isByKey = event.clientX === 0 && event.clientY === 0;
    wish(this, "menu", { key: Number(row.dataset.process), x: isByKey ? left + 40 : event.clientX, y: isByKey ? bottom : event.clientY });
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
    const place = this.#rows.findIndex((row) => row.key === key && !row.isGhost);
    for (const [index, node] of [...this.#list.children].entries()) attribute(node, "tabindex", this.#rows[index]?.isGhost ? null : index === place ? 0 : -1);
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

  /** The row that has the focus is the one that keys are about, however it came there. @param {EventTarget | null} target */
  #enter(target) {
    const row = target instanceof HTMLElement && target.matches(".row") ? target : null;
    if (row) this.#current = row.dataset.process === undefined ? ROOT : Number(row.dataset.process);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = this.#rows.findIndex((row) => row.key === this.#current && !row.isGhost);
    const row = this.#rows[place];
    if (!row || !this.#act(event.key === "*" ? "NumpadMultiply" : event.code, place, row)) return;
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
    const signal = SIGNALS.find(({ key }) => key === code)?.signal;
    const to = (/** @type {number} */ index) => this.#focus(this.#rows[this.#solid(index, place)]?.key ?? ROOT);
    const isFolded = this.#folded.has(row.key);
    if (code === "ArrowDown") to(place + 1);
    else if (code === "ArrowUp") to(place - 1);
    else if (code === "Home") to(0);
    else if (code === "End") to(this.#rows.length - 1);
    else if (code === "ArrowRight") isFolded ? this.#fold(row.key, false) : row.below > 0 && to(place + 1);
    else if (code === "ArrowLeft") row.below > 0 && !isFolded ? this.#fold(row.key, true) : to(parentPlace(this.#rows, place));
    else if (code === "Enter" || code === "Space") this.#choose(row.key);
    else if (code === "NumpadMultiply") this.#unfold(row.level);
    else return signal !== undefined && this.#send(row.key, signal);
    return true;
  }

  /**
   * The place of a row that can be focused, at or beyond that place on the way there.
   * @param {number} index
   * @param {number} from
   */
  #solid(index, from) {
    const way = Math.sign(index - from) || 1;
    let place = Math.max(0, Math.min(this.#rows.length - 1, index));
    while (this.#rows[place]?.isGhost) place += way;
    return this.#rows[place] ? place : from;
  }

  /** @param {number} level whose rows are all unfolded */
  #unfold(level) {
    for (const { key, level: other } of this.#rows) if (other === level) this.#folded.delete(key);
    if (this.#view) this.#show(this.#view);
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

customElements.define("process-tree", ProcessTree);
