/**
 * `<repeat-panel>`: the same run many times, and what was not the same.
 *
 * Data down: `view`. Wishes up: `count`, `fresh`, `limit`, `question`, `variable`, and those of its parts (`begin`, `halt`,
 * `open`, `all`).
 *
 * @import { Param } from "../../protocol.js"
 * @import { Trace } from "../../model/orders/trace.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Field } from "../controls/field.js"
 * @import { Question } from "./repeat-words.js"
 * @import { Progress } from "./series-bar.js"
 */

import { say } from "../../base/text.js";
import { histogramOf, spreadOf, variablesOf } from "../../model/orders/spread.js";
import { groupsOf } from "../../model/orders/tally.js";
import { makeField } from "../controls/field.js";
import { attribute, h, keyed, wish, write } from "../dom.js";
import { limitField } from "./limit-field.js";
import { OrderList } from "./order-list.js";
import { bestQuestion, durationSentences, orderSentences, questionsOf, valueSentences } from "./repeat-words.js";
import { SeriesBar } from "./series-bar.js";

/** So many times as long as the last comparison took the page is free for other things. */
const REST = 9;

/** How many runs one can have. */
export const COUNTS = [10, 30, 100];

/**
 * @typedef {object} RepeatView
 * @property {TextTable} text
 * @property {"zh" | "en"} lang
 * @property {number} count
 * @property {boolean} isFresh whether each run has a seed of its own
 * @property {number | null} limit after so many seconds a run is ended
 * @property {number} planned how many runs Start would make
 * @property {string} aim what will be done, in a sentence
 * @property {Progress} progress
 * @property {readonly Trace[]} traces of the runs that have ended
 * @property {string} seeds what is to be said of their seeds
 * @property {Question | null} question null for the best one
 * @property {string | null} variable null for the one that differs most
 * @property {boolean} isAll
 */

export class RepeatPanel extends HTMLElement {
  #form = h("div", { class: "fields" });
  #aim = h("p", { class: "hint aim" });
  #bar = new SeriesBar();
  #questions = h("div", { class: "segments small", role: "group" });
  #variable = h("select", { class: "line", onchange: () => wish(this, "variable", this.#variable.value) });
  #told = h("div", { class: "told" });
  #hint = h("p", { class: "hint" });
  #list = new OrderList();
  #result = h("div", { class: "result" });
  /** @type {Field[]} */
  #fields = [];
  /** @type {ReturnType<typeof limitField> | null} */
  #limit = null;
  /** What is shown of the runs. @type {readonly unknown[]} */
  #shown = [];
  /** Until then another run alone is no reason to compare all of them again, in ms. */
  #restUntil = 0;

  connectedCallback() {
    if (this.#form.isConnected) return;
    this.#result.append(h("div", { class: "strip" }, this.#questions, this.#variable), this.#told, this.#hint, this.#list);
    this.append(this.#form, this.#aim, this.#bar, this.#result);
  }

  /** @param {RepeatView} view */
  set view(view) {
    const { text, progress, planned, traces } = view;
    if (this.#fields.length === 0) this.#build(view);
    this.#fields[0]?.set(String(view.count));
    this.#fields[1]?.set(view.isFresh);
    this.#limit?.show(view.limit);
    write(this.#aim, view.aim);
    this.#bar.view = { text, progress, planned };
    this.#result.hidden = traces.length < 2;
    if (this.#result.hidden) return;
    // Thousands of lines are compared only when there is another run or another question.
    const shown = [view.question, view.variable, view.isAll, traces];
    const changed = shown.findIndex((part, at) => part !== this.#shown[at]);
    const isMoreOfTheSame = changed === shown.length - 1 && progress.phase === "running";
    if (changed < 0 || (isMoreOfTheSame && performance.now() < this.#restUntil)) return;
    this.#shown = shown;
    const start = performance.now();
    this.#showResult(view, view.question ?? bestQuestion(traces));
    this.#restUntil = performance.now() + REST * (performance.now() - start);
  }

  /** @param {RepeatView} view */
  #build({ text, lang }) {
    const both = (/** @type {string} */ sentence) => ({ zh: sentence, en: sentence });
    const counts = COUNTS.map((n) => ({ value: String(n), title: both(String(n)) }));
    /** @type {Param} */
    const times = { name: "repeat-count", title: both(say(text, "orders.count")), help: both(say(text, "orders.count.help")), type: "choice", options: counts, default: "30" };
    /** @type {Param} */
    const fresh = { name: "repeat-fresh", title: both(say(text, "orders.fresh")), help: both(say(text, "orders.fresh.help")), type: "boolean", default: false };
    this.#fields = [
      makeField(times, { text, lang, change: (value) => wish(this, "count", Number(value)) }),
      makeField(fresh, { text, lang, change: (value) => wish(this, "fresh", value) }),
    ];
    this.#limit = limitField(text, "repeat-limit", (limit) => wish(this, "limit", limit));
    this.#form.append(...this.#fields.map(({ element }) => element), this.#limit.element);
  }

  /**
   * @param {RepeatView} view
   * @param {Question} question
   */
  #showResult(view, question) {
    const { text, lang, traces } = view;
    this.#showQuestions(text, questionsOf(traces), question);
    const names = variablesOf(traces);
    const variable = names.find((name) => name === view.variable) ?? names[0] ?? "";
    this.#showVariables(text, question === "values" ? names : [], variable);
    const { sentences, ...list } = question === "values" || question === "durations" ? spreadView(text, traces, question, variable) : ordersView(text, traces, question);
    const [first, ...more] = sentences;
    this.#told.replaceChildren(h("p", {}, h("b", {}, first ?? ""), " ", more.join(lang === "zh" ? "" : " ")), h("p", { class: "hint" }, view.seeds));
    write(this.#hint, say(text, "orders.hint"));
    this.#list.view = { text, ...list, traces, isAll: view.isAll };
  }

  /**
   * @param {TextTable} text
   * @param {readonly Question[]} questions
   * @param {Question} chosen
   */
  #showQuestions(text, questions, chosen) {
    attribute(this.#questions, "aria-label", say(text, "orders.question"));
    keyed(this.#questions, questions, (question) => question,
      (question) => h("button", { type: "button", onclick: () => wish(this, "question", question) }, say(text, `orders.by.${question}`)),
      (button, question) => attribute(button, "aria-pressed", String(question === chosen)));
  }

  /**
   * @param {TextTable} text
   * @param {readonly string[]} names
   * @param {string} chosen
   */
  #showVariables(text, names, chosen) {
    this.#variable.hidden = names.length < 2;
    attribute(this.#variable, "aria-label", say(text, "orders.variable"));
    keyed(this.#variable, names, (name) => name, (name) => h("option", { value: name }, name));
    this.#variable.value = chosen;
  }
}

/**
 * @param {TextTable} text
 * @param {readonly Trace[]} traces
 * @param {import("../../model/orders/tally.js").Aspect} aspect
 */
function ordersView(text, traces, aspect) {
  const groups = groupsOf(traces, aspect);
  return { sentences: orderSentences(text, aspect, groups), groups, spread: null };
}

/**
 * @param {TextTable} text
 * @param {readonly Trace[]} traces
 * @param {"values" | "durations"} question
 * @param {string} variable
 */
function spreadView(text, traces, question, variable) {
  const spread = question === "values" ? spreadOf(traces, ({ values }) => values[variable]) : histogramOf(traces, ({ duration }) => duration);
  if (spread === null) return { sentences: [], groups: [], spread: { bars: [], question } };
  const sentences = question === "values" ? valueSentences(text, variable, spread) : durationSentences(text, spread);
  return { sentences, groups: [], spread: { bars: spread.bars, question } };
}

customElements.define("repeat-panel", RepeatPanel);
