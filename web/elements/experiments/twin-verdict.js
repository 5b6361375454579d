/**
 * `<twin-verdict>`: what differs between two runs, in numbers: A, B and the difference, each pair with bars to see it.
 * What is alike is folded away.
 *
 * Data down: `view`.
 *
 * @import { JsonValue } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Row } from "../../model/compare.js"
 */

import { duration, memory } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { brief } from "../../model/sentence.js";
import { attribute, h, keyed, write } from "../dom.js";

/** @typedef {{ text: TextTable, rows: readonly Row[] }} VerdictView */

/** Numbers that differ by less than this part of the greater are alike. */
const ALIKE = 0.05;

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
    const { text, rows } = view;
    write(this.#caption, say(text, "verdict.title"));
    this.#heads.forEach((head, place) => place % 3 === 0 && write(head, say(text, place === 0 ? "verdict.what" : "verdict.more")));
    const telling = rows.filter((row) => !isAlike(row));
    const alike = rows.filter(isAlike);
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
    const numbers = row.values.map((value) => (typeof value === "number" ? Math.max(value, 0) : 0));
    const top = Math.max(...numbers);
    [a, b].forEach((cell, side) => {
      write(cell, amount(row.unit, row.values[side] ?? null));
      cell.style.setProperty("--share", String(top > 0 && row.more !== null ? (numbers[side] ?? 0) / top : 0));
    });
    write(more, row.more === null ? "" : moreWords(row.unit, row.more));
  }
}

/** @param {Row} row */
function keyOf({ key, name }) {
  return `${key} ${name ?? ""}`;
}

/** @param {Row} row */
function isAlike({ key, values: [a, b], more }) {
  return key !== "duration" && more !== null && Math.abs(more) <= ALIKE * Math.max(Math.abs(Number(a)), Math.abs(Number(b)));
}

/**
 * @param {Row["unit"]} unit
 * @param {JsonValue} value
 */
function amount(unit, value) {
  if (typeof value !== "number" || unit === "value") return brief(value);
  if (value === 0) return "0";
  return unit === "time" ? duration(value) : unit === "memory" ? memory(Math.round(value)) : String(value);
}

/**
 * @param {Row["unit"]} unit
 * @param {number} more
 */
function moreWords(unit, more) {
  if (more === 0) return "=";
  return `${more > 0 ? "+" : "−"}${amount(unit === "value" ? "count" : unit, Math.abs(more))}`;
}

customElements.define("twin-verdict", TwinVerdict);
