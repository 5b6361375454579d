/**
 * `<order-list>`: groups of runs, the most frequent first, each with its number as a bar; or bars of values.
 *
 * How it works: a row is a button that opens one of its runs. An order is shown around the step at which it first
 * differs from the most frequent one; that step is marked. Processes have their colour of the tree.
 *
 * Data down: `view`. Wishes up: `open` with a run, `all` to see every group.
 *
 * @import { Bar } from "../../model/orders/spread.js"
 * @import { Group, Step } from "../../model/orders/tally.js"
 * @import { Trace } from "../../model/orders/trace.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, wish, write } from "../dom.js";
import { count } from "../words.js";
import { barWords, stepWords, windowOf } from "./repeat-words.js";

/**
 * @typedef {object} ListView
 * @property {TextTable} text
 * @property {readonly Group[]} groups orders; empty where there are bars
 * @property {{ bars: readonly Bar[], question: "values" | "durations" } | null} spread
 * @property {readonly Trace[]} traces all runs, in their order
 * @property {boolean} isAll whether every group is shown
 */

/** So many groups are shown at first. */
const FEW = 8;

export class OrderList extends HTMLElement {
  #list = h("ol", {});
  #more = h("button", { type: "button", class: "button small", onclick: () => wish(this, "all") });

  connectedCallback() {
    if (!this.#list.isConnected) this.append(this.#list, this.#more);
  }

  /** @param {ListView} view */
  set view(view) {
    const { text, groups, spread, isAll } = view;
    const shown = isAll ? groups : groups.slice(0, FEW);
    const most = Math.max(1, ...(spread?.bars ?? groups).map(({ runs }) => runs.length));
    const rows = spread ? spread.bars.map((bar) => barRow(view, bar, spread.question, most)) : shown.map((group) => groupRow(view, group, most));
    attribute(this.#list, "data-kind", spread ? "bars" : "orders");
    this.#list.replaceChildren(...rows);
    for (const button of this.#list.querySelectorAll("button")) button.addEventListener("click", () => wish(this, "open", button.dataset.run));
    this.#more.hidden = shown.length === groups.length;
    write(this.#more, say(text, "orders.more", { n: groups.length - shown.length }));
  }
}

/**
 * @param {ListView} view
 * @param {Group} group
 * @param {number} most
 */
function groupRow({ text, traces }, group, most) {
  const { from, steps, rest } = windowOf(group);
  const colours = traces[0]?.colours ?? {};
  const before = from > 0 ? [h("span", { class: "cut" }, count(text, "orders.before", { n: from }))] : [];
  const after = rest > 0 ? [h("span", { class: "cut" }, count(text, "orders.after", { n: rest }))] : [];
  const chain = steps.map((step, at) => stepNode(text, step, colours, from + at === group.differs));
  return row(text, group.runs, traces, most, h("span", { class: "chain" }, ...before, ...chain, ...after));
}

/**
 * @param {TextTable} text
 * @param {Step} step
 * @param {Readonly<Record<string, number>>} colours
 * @param {boolean} isFirst whether it is the first that differs
 */
function stepNode(text, step, colours, isFirst) {
  const colour = colours[step.who];
  const dot = colour === undefined ? [] : [h("i", { class: "dot", "aria-hidden": "true" })];
  const node = h(isFirst ? "mark" : "span", { class: "step" }, ...dot, stepWords(text, step));
  if (colour !== undefined) node.style.setProperty("--own", `var(--process-${colour})`);
  return node;
}

/**
 * @param {ListView} view
 * @param {Bar} bar
 * @param {"values" | "durations"} question
 * @param {number} most
 */
function barRow({ text, traces }, bar, question, most) {
  return row(text, bar.runs, traces, most, h("span", { class: "value" }, barWords(bar, question)));
}

/**
 * @param {TextTable} text
 * @param {readonly Trace[]} runs
 * @param {readonly Trace[]} all
 * @param {number} most
 * @param {HTMLElement} content
 */
function row(text, runs, all, most, content) {
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, h("i", {}));
  bar.style.setProperty("--share", String(runs.length / most));
  const times = h("span", { class: "times" }, count(text, "orders.times", { n: runs.length }));
  const [first] = runs;
  if (first === undefined) return h("li", {}, h("span", { class: "row" }, content, bar, times));
  const place = all.indexOf(first) + 1;
  return h("li", {}, h("button", { type: "button", class: "row", "data-run": first.run, title: say(text, "orders.open", { place }) }, content, bar, times));
}

customElements.define("order-list", OrderList);
