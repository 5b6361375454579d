/**
 * Run it many times: the present choices again and again, and what was not the same each time.
 *
 * How it works: of each run only a trace is kept (`model/orders/trace.js`); what is asked of the runs can be changed
 * while they go on. With the same seed all that a program leaves to chance is the same, and what still differs is the
 * system's doing. The address says what was chosen.
 *
 * @import { Start } from "../../protocol.js"
 * @import { Trace } from "../../model/orders/trace.js"
 * @import { Ended } from "../../sources/series.js"
 * @import { Question } from "../../elements/experiments/repeat-words.js"
 * @import { Desk, Experiment } from "./experiments.js"
 */

import { say } from "../../base/text.js";
import { faultOf } from "../../elements/controls/field.js";
import { wordOf } from "../../elements/experiments/limit-field.js";
import { COUNTS, RepeatPanel } from "../../elements/experiments/repeat-panel.js";
import { QUESTIONS } from "../../elements/experiments/repeat-words.js";
import { wordsOf } from "../../elements/experiments/series-bar.js";
import { traceOf } from "../../model/orders/trace.js";
import { foldLog } from "../../model/run.js";
import { Several, aboutTime, limitOf, randomSeed, usualLimit } from "./several.js";

/** So many runs unless told. */
const USUAL = 30;

/**
 * @param {Desk} desk
 * @param {Readonly<Record<string, string>>} words of the address
 * @returns {Experiment}
 */
export function open(desk, words) {
  return new Repeat(desk, words);
}

class Repeat {
  element = new RepeatPanel();
  refresh = () => this.#show();
  #desk;
  #several;
  #count;
  #isFresh;
  /** What the reader has said of the limit; undefined: nothing. @type {number | null | undefined} */
  #said;
  /** @type {Question | null} */
  #question;
  /** @type {string | null} */
  #variable;
  #isAll = false;
  /** @type {readonly Trace[]} */
  #traces = [];

  /**
   * @param {Desk} desk
   * @param {Readonly<Record<string, string>>} words
   */
  constructor(desk, words) {
    const { lang, text } = desk;
    this.#desk = desk;
    this.#count = COUNTS.find((count) => String(count) === words["many.runs"]) ?? USUAL;
    this.#isFresh = words["many.seed"] === "fresh";
    this.#said = "many.most" in words ? limitOf(words["many.most"], null) : undefined;
    this.#question = QUESTIONS.find((question) => question === words["many.by"]) ?? null;
    this.#variable = words["many.of"] ?? null;
    this.#several = new Several({ lang, lost: say(text, "run.lost"), ended: (_, ended) => this.#onEnded(ended), changed: () => this.#onProgress() });
    this.#listen();
    this.#remember();
  }

  get #limit() {
    return this.#said === undefined ? usualLimit(this.#desk.former()) : this.#said;
  }

  #begin() {
    const { card, present } = this.#desk;
    const { params, runtime, seed } = present();
    const same = seed === "" ? randomSeed() : Number(seed);
    this.#traces = [];
    const starts = Array.from({ length: this.#count }, () => /** @type {Start} */ ({ scenario: card.id, runtime, params, ...(this.#isFresh ? {} : { seed: same }) }));
    void this.#several.begin(starts, this.#limit);
  }

  /** @param {Ended} ended */
  #onEnded({ events }) {
    this.#traces = [...this.#traces, traceOf(foldLog(events))];
    this.#show();
  }

  /** How many runs Start would make; none where the page's parameters are wrong. */
  get #planned() {
    const { text, card, present } = this.#desk;
    const { params } = present();
    return card.params.every((param) => faultOf(text, param, params[param.name] ?? null) === "") ? this.#count : 0;
  }

  #onProgress() {
    const { text, announce } = this.#desk;
    announce(wordsOf({ text, progress: this.#several.progress }));
    this.#show();
  }

  #remember() {
    this.#desk.remember({
      ...{ "many.runs": String(this.#count), "many.seed": this.#isFresh ? "fresh" : "same" },
      ...(this.#said === undefined ? {} : { "many.most": wordOf(this.#said) }),
      ...(this.#question === null ? {} : { "many.by": this.#question }),
      ...(this.#variable === null ? {} : { "many.of": this.#variable }),
    });
  }

  #listen() {
    /** @type {Record<string, (detail: any) => void>} */
    const wishes = {
      count: (count) => (this.#count = count),
      fresh: (isFresh) => (this.#isFresh = isFresh),
      limit: (limit) => (this.#said = limit),
      question: (question) => {
        this.#question = question;
        this.#isAll = false;
      },
      variable: (variable) => (this.#variable = variable),
      all: () => (this.#isAll = true),
      begin: () => this.#begin(),
      halt: () => this.#several.halt(),
      open: (run) => this.#desk.watch(run),
    };
    this.element.addEventListener("keydown", (event) => {
      if (event.code !== "Enter" || !(event.ctrlKey || event.metaKey) || this.#several.isRunning || this.#planned === 0) return;
      event.preventDefault();
      this.#begin();
    });
    for (const [name, act] of Object.entries(wishes)) {
      this.element.addEventListener(name, (event) => {
        if (!(event instanceof CustomEvent)) return;
        act(event.detail);
        this.#remember();
        this.#show();
      });
    }
  }

  #show() {
    const { text, lang, former } = this.#desk;
    const isReady = this.#planned > 0;
    const aim = isReady ? [say(text, this.#isFresh ? "orders.aim.fresh" : "orders.aim.same"), ...aboutTime(text, this.#count, this.#limit, former())] : [say(text, "curve.fault.controls")];
    const [first] = this.#traces;
    const isSame = this.#traces.every(({ seed }) => seed === first?.seed);
    this.element.view = {
      ...{ text, lang, count: this.#count, isFresh: this.#isFresh, limit: this.#limit, planned: this.#planned },
      aim: aim.join(lang === "zh" ? "" : " "),
      seeds: isSame ? say(text, "orders.seed.same", { seed: first?.seed ?? "" }) : say(text, "orders.seed.fresh"),
      ...{ progress: this.#several.progress, traces: this.#traces, question: this.#question, variable: this.#variable, isAll: this.#isAll },
    };
  }
}
