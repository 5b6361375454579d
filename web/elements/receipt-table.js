/**
 * `<receipt-table>`: all processes of the run and what the kernel says of each: who made it and how, how it ended, what it
 * used, who read its status, and how long it was a zombie. Where the program says the same, the word is ticked; where it
 * says something else, that stands there too.
 *
 * Data down: `view`. Wish up: `select` (a process).
 *
 * @import { Claim } from "../model/receipt.js"
 * @import { Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { duration, memory } from "../base/duration.js";
import { say } from "../base/text.js";
import { claimsOf } from "../model/receipt.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { RowsInSight } from "./in-sight.js";
import { makeTerm } from "./term.js";
import { colour, count, nameOf } from "./words.js";

/**
 * @typedef {object} ReceiptView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 * @property {number} now
 */

/** @typedef {{ value: string, claim?: Claim | undefined, isBad?: boolean }} Cell */

const COLUMNS = /** @type {const} */ (["process", "pid", "parent", "how", "exit", "cpu", "memory", "reaped", "zombie"]);

export class ReceiptTable extends HTMLElement {
  #empty = h("p", { class: "empty" });
  #verdict = h("p", { class: "verdict-line" });
  #head = h("tr", {});
  #body = h("tbody", {});
  #table = h("table", {}, h("thead", {}, this.#head), this.#body);
  #window = h("div", { class: "receipts-window", tabindex: 0, role: "group" }, this.#table);
  #inSight = new RowsInSight(this.#window, this.#body);

  connectedCallback() {
    this.append(this.#empty, this.#verdict, this.#window);
    this.#body.addEventListener("click", ({ target }) => this.#press(target));
  }

  /** @param {ReceiptView} view */
  set view(view) {
    const { text, run } = view;
    const isEmpty = run.processes.length === 0;
    this.#empty.hidden = !isEmpty;
    this.#window.hidden = this.#verdict.hidden = isEmpty;
    if (this.#head.childElementCount === 0) this.#name(text);
    if (isEmpty) return;
    const claims = claimsOf(run);
    this.#judge(text, [...claims.values()].flat());
    keyed(this.#body, run.processes, ({ key }) => key, () => h("tr", {}), (row, process) => {
      this.#inSight.fill(row, process.key, () => updateRow(row, process, claims.get(process.key) ?? [], view));
    });
  }

  /** @param {TextTable} text */
  #name(text) {
    write(this.#empty, say(text, "card.empty"));
    for (const node of [this.#window, this.#table]) attribute(node, "aria-label", say(text, "card.title"));
    for (const column of COLUMNS) {
      const words = say(text, `receipt.${column}`);
      this.#head.append(h("th", { scope: "col", "data-column": column }, column === "zombie" ? makeTerm(text, "zombie", words) : words));
    }
  }

  /**
   * What the program said in all, and whether it is true.
   * @param {TextTable} text
   * @param {readonly Claim[]} claims
   */
  #judge(text, claims) {
    const wrong = claims.filter(({ agrees }) => !agrees).length;
    this.#verdict.hidden = claims.length === 0;
    attribute(this.#verdict, "data-agrees", String(wrong === 0));
    write(this.#verdict, wrong === 0 ? `✓ ${count(text, "receipt.agrees", { n: claims.length })}` : `✗ ${say(text, "receipt.differs", { n: claims.length, wrong })}`);
  }

  /** @param {EventTarget | null} target */
  #press(target) {
    const row = target instanceof Element && !target.closest("button") ? target.closest("tr") : null;
    if (row?.dataset.process) wish(this, "select", { kind: "process", key: Number(row.dataset.process) });
  }
}

/** What a row is made of when it is first filled: with a crowd's rows all at once a frame would be late. The chip stands for the pid. */
function makeCells() {
  const cells = COLUMNS.slice(1).map((column) => h("td", {}, column === "pid" ? makeChip() : h("span", { class: "mono" }), h("span", { class: "agrees" })));
  return [h("th", { scope: "row" }, h("span", { class: "dot" }), h("b", {})), ...cells];
}

/**
 * @param {HTMLTableRowElement} row
 * @param {Process} process
 * @param {readonly Claim[]} claims
 * @param {ReceiptView} view
 */
function updateRow(row, process, claims, view) {
  const { text, selection } = view;
  if (row.childElementCount === 0) row.append(...makeCells());
  const chosen = selection?.kind === "process" && selection.key === process.key;
  const name = row.querySelector("b");
  const chip = row.querySelector(".chip");
  attribute(row, "data-process", process.key);
  attribute(row, "data-chosen", chosen);
  row.style.setProperty("--own", colour(process));
  if (chip instanceof HTMLButtonElement) updateChip(chip, process, { chosen, label: `${process.label} · ${process.pid}` });
  if (name) {
    write(name, process.label);
    attribute(name, "title", process.label);
  }
  const cells = cellsOf(process, claims, view);
  COLUMNS.slice(1).forEach((_, place) => {
    const node = row.children[place + 1];
    const cell = cells[place];
    if (node && cell) updateCell(node, cell, text);
  });
}

/**
 * @param {Element} node
 * @param {Cell} cell
 * @param {TextTable} text
 */
function updateCell(node, { value, claim, isBad }, text) {
  const [fact, tick] = node.children;
  if (!(fact instanceof HTMLElement) || !(tick instanceof HTMLElement)) return;
  if (!fact.matches(".chip")) write(fact, value);
  attribute(fact, "data-bad", isBad);
  const words = claim ? say(text, "card.program.said", { said: claim.said }) : "";
  write(tick, claim === undefined ? "" : claim.agrees ? "✓" : `✗ ${words}`);
  attribute(tick, "data-agrees", claim ? String(claim.agrees) : null);
  attribute(tick, "title", words || null);
  attribute(tick, "role", claim ? "img" : null);
  attribute(tick, "aria-label", claim ? `${claim.agrees ? "✓" : "✗"} ${words}` : null);
}

/**
 * What the kernel says, in the order of the columns.
 * @param {Process} process
 * @param {readonly Claim[]} claims
 * @param {ReceiptView} view
 * @returns {Cell[]}
 */
function cellsOf(process, claims, { text, run, now }) {
  const { pid, how, birthPpid, ppid, exited, zombie, reaped } = process;
  const said = (/** @type {Claim["about"]} */ about) => claims.find((claim) => claim.about === about);
  const parent = ppid === birthPpid ? String(ppid) : `${birthPpid} → ${ppid}`;
  const end = exited === null ? "" : (exited.signal ?? String(exited.code));
  return [
    { value: String(pid), claim: said("pid") },
    { value: parent, claim: said("parent") },
    { value: process.argv.length > 0 && how !== "spawn" ? `${how} + exec` : how },
    { value: end, claim: said("exit"), isBad: end !== "" && end !== "0" },
    { value: zombie ? `${duration(zombie.user_us)} + ${duration(zombie.sys_us)}` : "" },
    { value: zombie ? memory(zombie.max_rss_kib) : "" },
    { value: reaped ? nameOf(text, run, reaped.by) : "" },
    { value: exited === null ? "" : duration((reaped?.t ?? Math.max(now, exited.t)) - exited.t), isBad: exited !== null && reaped === null },
  ];
}

customElements.define("receipt-table", ReceiptTable);
