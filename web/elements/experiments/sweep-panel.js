/**
 * `<sweep-panel>`: a range of one parameter, run one after another, and the curve.
 *
 * Data down: `view`. Wishes up: those of its parts (`plan`, `begin`, `halt`, `open`), `quantity`, `copy`.
 *
 * @import { Card } from "../../protocol.js"
 * @import { Quantity } from "../../model/measures.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Progress } from "./series-bar.js"
 * @import { Plan } from "./sweep-form.js"
 * @import { Result, Told } from "./sweep-words.js"
 */

import { say } from "../../base/text.js";
import { QUANTITIES } from "../../model/measures.js";
import { attribute, h, keyed, wish, write } from "../dom.js";
import { CurveChart } from "./curve-chart.js";
import { SeriesBar } from "./series-bar.js";
import { SweepForm } from "./sweep-form.js";
import { chartOf, csvOf, curvesOf, sentencesOf, tableOf } from "./sweep-words.js";

/**
 * @typedef {object} SweepView
 * @property {TextTable} text
 * @property {"zh" | "en"} lang
 * @property {Card} card
 * @property {Plan} plan
 * @property {string} fault what is wrong with the plan as a whole
 * @property {number} planned how many runs it means
 * @property {string} aim what the plan does, in a sentence
 * @property {Progress} progress
 * @property {Quantity} quantity
 * @property {boolean} isFixed whether only the time can be measured
 * @property {Result | null} result
 * @property {boolean} isCopied
 */

export class SweepPanel extends HTMLElement {
  #form = new SweepForm();
  #aim = h("p", { class: "hint aim" });
  #bar = new SeriesBar();
  #quantities = h("div", { class: "segments small", role: "group" });
  #legend = h("ul", { class: "legend" });
  #findings = h("div", { class: "told" });
  #chart = new CurveChart();
  #tableTitle = h("summary", {});
  #caption = h("caption", { class: "unseen" });
  #head = h("tr", {});
  #rows = h("tbody", {});
  #copy = h("button", { type: "button", class: "button small" });
  #result = h("div", { class: "result" });
  /** @type {object | null} What the table was made of. */
  #shown = null;

  connectedCallback() {
    if (this.#form.isConnected) return;
    const table = h("table", {}, this.#caption, h("thead", {}, this.#head), this.#rows);
    const details = h("details", {}, this.#tableTitle, h("div", { class: "scroll", tabindex: 0, role: "region" }, table));
    this.#result.append(h("div", { class: "strip" }, this.#quantities, this.#legend, h("span", { class: "spring" }), this.#copy), this.#findings, this.#chart, details);
    this.append(this.#form, this.#aim, this.#bar, this.#result);
  }

  /** @param {SweepView} view */
  set view(view) {
    const { text, lang, card, plan, fault, planned, aim, progress, quantity, isFixed, result } = view;
    this.#form.view = { text, lang, card, plan, fault };
    write(this.#aim, aim);
    this.#bar.view = { text, progress, planned };
    this.#result.hidden = result === null || result.samples.length === 0;
    if (result === null || this.#result.hidden) return;
    this.#showQuantities(text, quantity, isFixed);
    write(this.#copy, say(text, view.isCopied ? "curve.copied" : "curve.copy"));
    this.#copy.onclick = () => wish(this, "copy", csvOf(result));
    if (this.#shown === result && this.#quantity === quantity) return;
    this.#shown = result;
    this.#quantity = quantity;
    this.#showResult({ text, lang, result, quantity });
  }

  /** @type {Quantity | null} */
  #quantity = null;

  /**
   * @param {TextTable} text
   * @param {Quantity} chosen
   * @param {boolean} isFixed
   */
  #showQuantities(text, chosen, isFixed) {
    attribute(this.#quantities, "aria-label", say(text, "curve.quantity"));
    this.#quantities.hidden = isFixed;
    keyed(this.#quantities, QUANTITIES, (quantity) => quantity,
      (quantity) => h("button", { type: "button", onclick: () => wish(this, "quantity", quantity) }, say(text, `curve.quantity.${quantity}`)),
      (button, quantity) => attribute(button, "aria-pressed", String(quantity === chosen)));
  }

  /** @param {Told} told */
  #showResult(told) {
    const { text } = told;
    const chart = chartOf(told);
    this.#chart.view = chart;
    const curves = curvesOf(told);
    const names = [...(curves.length > 1 ? chart.lines.map(({ name }, at) => ({ name, kind: `curve-${at}` })) : []), ...(chart.ideal ? [{ name: chart.ideal.name, kind: "ideal" }] : [])];
    keyed(this.#legend, names, ({ kind }) => kind, ({ kind }) => h("li", { class: kind }), (item, { name }) => write(item, name));
    keyed(this.#findings, sentencesOf(told).map((sentence, at) => ({ sentence, at })), ({ at }) => at, () => h("p", {}), (line, { sentence }) => write(line, sentence));
    this.#showTable(text, told);
  }

  /**
   * @param {TextTable} text
   * @param {Told} told
   */
  #showTable(text, told) {
    const { head, rows } = tableOf(told);
    write(this.#tableTitle, say(text, "curve.table"));
    write(this.#caption, chartOf(told).label);
    attribute(this.#rows.closest(".scroll") ?? this, "aria-label", say(text, "curve.table"));
    this.#head.replaceChildren(...head.map((word) => h("th", { scope: "col" }, word)));
    this.#rows.replaceChildren(...rows.map(({ cells: [first, ...rest] }) => h("tr", {}, h("th", { scope: "row" }, first ?? ""), ...rest.map((cell) => h("td", {}, cell)))));
  }
}

customElements.define("sweep-panel", SweepPanel);
