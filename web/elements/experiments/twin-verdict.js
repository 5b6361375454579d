/**
 * `<twin-verdict>`: what differs between two runs, in numbers: A, B and the difference, each pair with bars to see it.
 * What is alike is folded away.
 *
 * Data down: `view`.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Row } from "../../model/compare.js"
 */

import { duration, memory } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { attribute, h, keyed, write } from "../dom.js";

/** @typedef {{ text: TextTable, rows: readonly Row[], isWhole?: boolean }} VerdictView `isWhole`: nothing is folded away */

/** Numbers that differ by less than this part of the greater are alike, and so are times and sizes that differ by less than this. */
const ALIKE = 0.05;
const ALIKE_BY = /** @type {const} */ ({ time: 5000, memory: 100, count: 0, value: 0 });

export class TwinVerdict extends HTMLElement {
  #caption = h("caption", { class: "unseen" });
  #heads = [h("th", { scope: "col" }), h("th", { scope: "col" }, "A"), h("th", { scope: "col" }, "B"), h("th", { scope: "col" })];
  #body = h("tbody");
  #more = h("button", { type: "button", class: "button quiet small", onclick: () => this.#toggle() });
  #isOpen = false;
  /** @type {VerdictView | null} */
  #view = null;

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(h("table", {}, this.#caption, h("thead", {}, h("tr", {}, ...this.#heads)), this.#body), this.#more);
  }

  /** @param {VerdictView} view */
  set view(view) {
    this.#view = view;
    const { text, rows, isWhole = false } = view;
    write(this.#caption, say(text, "verdict.title"));
    this.#heads.forEach((head, place) => place % 3 === 0 && write(head, say(text, place === 0 ? "verdict.what" : "verdict.more")));
    const telling = rows.filter((row) => isWhole || !isAlike(row));
    const alike = rows.filter((row) => !telling.includes(row));
    keyed(this.#body, this.#isOpen ? [...telling, ...alike] : telling, keyOf, () => h("tr", {}, h("th", { scope: "row" }), h("td"), h("td"), h("td")), (line, row) => this.#fill(line, row, text));
    this.#more.hidden = alike.length === 0;
    attribute(this.#more, "aria-expanded", String(this.#isOpen));
    write(this.#more, say(text, this.#isOpen ? "verdict.fewer" : "verdict.alike", { n: alike.length }));
  }

  #toggle() {
    this.#isOpen = !this.#isOpen;
    if (this.#view) this.view = this.#view;
  }

  /**
   * @param {HTMLElement} line
   * @param {Row} row
   * @param {TextTable} text
   */
  #fill(line, row, text) {
    const [head, a, b, more] = line.children;
    if (!head || !(a instanceof HTMLElement) || !(b instanceof HTMLElement) || !more) return;
    write(head, row.key === "value" ? say(text, "verdict.row.value", { name: row.name ?? "" }) : say(text, `verdict.row.${row.key}`));
    const top = Math.max(...row.values.map(Math.abs), 1);
    [a, b].forEach((cell, side) => {
      const value = row.values[side] ?? 0;
      write(cell, amount(row.unit, value));
      cell.style.setProperty("--share", String(Math.max(value, 0) / top));
    });
    write(more, moreWords(row.unit, row.more));
  }
}

/** @param {Row} row */
function keyOf({ key, name }) {
  return `${key} ${name ?? ""}`;
}

/** @param {Row} row */
function isAlike({ key, unit, values: [a, b], more }) {
  return key !== "duration" && Math.abs(more) <= Math.max(ALIKE_BY[unit], ALIKE * Math.max(Math.abs(a), Math.abs(b)));
}

/**
 * @param {Row["unit"]} unit
 * @param {number} value
 */
function amount(unit, value) {
  if (value === 0 || unit === "count" || unit === "value") return String(value);
  return unit === "time" ? duration(value) : memory(Math.round(value));
}

/**
 * @param {Row["unit"]} unit
 * @param {number} more
 */
function moreWords(unit, more) {
  if (more === 0) return "=";
  return `${more > 0 ? "+" : "−"}${amount(unit, Math.abs(more))}`;
}

customElements.define("twin-verdict", TwinVerdict);
