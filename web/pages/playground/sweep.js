/**
 * Sweep a parameter: the present choices for a range of one parameter, one run after another, and the curve.
 *
 * How it works: all runs get the same seed, so that chance plays no part in what differs; repeats go round the whole
 * range, so that a slow moment of the machine meets all points alike. A scenario that measures its own curve
 * (`[sweep] times`) needs one run for all points. The address says what was chosen, not what came of it.
 *
 * @import { JsonValue, Param, Runtime, Start } from "../../protocol.js"
 * @import { Quantity } from "../../model/measures.js"
 * @import { Sample } from "../../model/sweep.js"
 * @import { Ended } from "../../sources/series.js"
 * @import { Plan } from "../../elements/experiments/sweep-form.js"
 * @import { Result } from "../../elements/experiments/sweep-words.js"
 * @import { Desk, Experiment } from "./experiments.js"
 */

import { say } from "../../base/text.js";
import { faultOf } from "../../elements/controls/field.js";
import { wordsOf } from "../../elements/experiments/series-bar.js";
import { canSweep } from "../../elements/experiments/sweep-form.js";
import { SweepPanel } from "../../elements/experiments/sweep-panel.js";
import { valueLabel } from "../../elements/experiments/sweep-words.js";
import { factsOf, lastValue, measure } from "../../model/measures.js";
import { foldLog } from "../../model/run.js";
import { POINTS_MAX, rangeOf, unrolled, valuesOf } from "../../model/sweep.js";
import { copyText } from "./copy.js";
import { Several, aboutTime, randomSeed, usualLimit } from "./several.js";
import { quantityOf, readPlan, sweepWords } from "./sweep-address.js";

/** How long "copied" stands, in ms. */
const FEEDBACK_MS = 3000;

/**
 * @param {Desk} desk
 * @param {Readonly<Record<string, string>>} words of the address
 * @returns {Experiment}
 */
export function open(desk, words) {
  return new Sweep(desk, words);
}

class Sweep {
  element = new SweepPanel();
  refresh = () => this.#show();
  #desk;
  #several;
  /** @type {Plan} */
  #plan;
  /** @type {Quantity} */
  #quantity;
  /** @type {Result | null} */
  #result = null;
  /** What each run of the series is for. @type {readonly { value: JsonValue, runtime: Runtime }[]} */
  #places = [];
  #isCopied = false;

  /**
   * @param {Desk} desk
   * @param {Readonly<Record<string, string>>} words
   */
  constructor(desk, words) {
    this.#desk = desk;
    this.#plan = readPlan(desk.card, words, this.#proposal());
    this.#quantity = quantityOf(words);
    this.#several = new Several({ lang: desk.lang, lost: say(desk.text, "run.lost"), ended: (place, ended) => this.#onEnded(place, ended), changed: () => this.#onProgress() });
    this.#listen();
    this.#remember();
  }

  /** What the scenario says is worth it, else its first number, else whatever there is. @returns {Plan} */
  #proposal() {
    const { card, present } = this.#desk;
    const able = card.params.filter(canSweep);
    const isNumber = (/** @type {Param} */ { type }) => type === "integer" || type === "number";
    const param = able.find(({ name }) => name === card.sweep?.parameter) ?? able.find(isNumber) ?? able[0];
    return { parameter: param?.name ?? "", range: param ? rangeOf(param) : { from: 0, to: 0, step: 1 }, repeats: 1, runtimes: [present().runtime] };
  }

  get #param() {
    return this.#desk.card.params.find(({ name }) => name === this.#plan.parameter);
  }

  get #values() {
    const { range } = this.#plan;
    return this.#param ? valuesOf(this.#param, range) : [];
  }

  /** The variable in which the scenario measures the whole curve by itself. */
  get #times() {
    const { sweep } = this.#desk.card;
    return sweep?.parameter === this.#plan.parameter ? sweep.times : undefined;
  }

  get #limit() {
    const { limit } = this.#plan;
    return limit === undefined ? usualLimit(this.#desk.former()) : limit;
  }

  /** What is wrong with the range, in a sentence. */
  get #fault() {
    const { text } = this.#desk;
    const n = this.#values.length;
    if (n > POINTS_MAX) return say(text, "curve.fault.many", { n, max: POINTS_MAX });
    return n < 2 ? say(text, "curve.fault.few") : "";
  }

  /** Each run of the series, in its order. */
  #runs() {
    const values = this.#times === undefined ? this.#values : this.#values.slice(-1);
    const { repeats, runtimes } = this.#plan;
    const round = values.flatMap((value) => runtimes.map((runtime) => ({ value, runtime })));
    return this.#fault !== "" || this.#param === undefined ? [] : Array.from({ length: repeats }, () => round).flat();
  }

  #begin() {
    const { card, present } = this.#desk;
    const param = this.#param;
    const { params, seed } = present();
    if (param === undefined) return;
    const same = { scenario: card.id, seed: seed === "" ? randomSeed() : Number(seed) };
    this.#places = this.#runs();
    const isTimed = this.#times !== undefined;
    this.#result = { param, values: this.#values, ideal: (card.sweep?.parameter === param.name ? card.sweep.ideal : undefined) ?? null, runtimes: this.#plan.runtimes, samples: [] };
    if (isTimed) this.#quantity = "time";
    const starts = this.#places.map(({ value, runtime }) => /** @type {Start} */ ({ ...same, runtime, params: { ...params, [param.name]: value } }));
    void this.#several.begin(starts, this.#limit);
  }

  /**
   * @param {number} place
   * @param {Ended} ended
   */
  #onEnded(place, { run: id, events }) {
    const meant = this.#places[place];
    if (meant === undefined || this.#result === null) return;
    const run = foldLog(events);
    const sample = { run: id, ...meant, measures: measure(run), facts: factsOf(run), outcome: run.finish?.outcome ?? "crashed" };
    this.#result = { ...this.#result, samples: [...this.#result.samples, ...this.#pointsOf(sample, this.#times === undefined ? undefined : lastValue(run, this.#times))] };
    this.#show();
  }

  /**
   * @param {Sample} sample
   * @param {JsonValue | undefined} times
   * @returns {Sample[]}
   */
  #pointsOf(sample, times) {
    if (this.#times === undefined) return [sample];
    const seconds = Array.isArray(times) ? times.filter((time) => typeof time === "number") : [];
    return unrolled(sample, seconds).filter(({ value }) => this.#result?.values.includes(value));
  }

  /** @param {Plan} plan */
  #change(plan) {
    const isOther = plan.parameter !== this.#plan.parameter;
    const param = this.#desk.card.params.find(({ name }) => name === plan.parameter);
    this.#plan = isOther && param ? { ...plan, range: rangeOf(param) } : plan;
    this.#remember();
  }

  #remember() {
    this.#desk.remember(sweepWords(this.#plan, this.#quantity, this.#param));
  }

  /** @param {string} csv */
  async #copy(csv) {
    this.#isCopied = await copyText(csv);
    setTimeout(() => {
      this.#isCopied = false;
      this.#show();
    }, FEEDBACK_MS);
    this.#show();
  }

  #listen() {
    /** @type {Record<string, (detail: any) => void>} */
    const wishes = {
      plan: (plan) => this.#change(plan),
      begin: () => this.#begin(),
      halt: () => this.#several.halt(),
      quantity: (quantity) => {
        this.#quantity = quantity;
        this.#remember();
      },
      copy: (csv) => void this.#copy(csv),
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
        this.#show();
      });
    }
  }

  /** How many runs Start would make; none where something is wrong. */
  get #planned() {
    return this.#isReady ? this.#runs().length : 0;
  }

  #onProgress() {
    const { text, announce } = this.#desk;
    const { progress } = this.#several;
    announce(progress.phase === "done" ? say(text, "curve.announce", { n: progress.done }) : wordsOf({ text, progress }));
    this.#show();
  }

  /** Whether the page's own parameters are right; the swept one need not be. */
  get #isReady() {
    const { card, text, present } = this.#desk;
    const { params } = present();
    return card.params.every((param) => param.name === this.#plan.parameter || faultOf(text, param, params[param.name] ?? null) === "");
  }

  #show() {
    const { text, lang, card, former } = this.#desk;
    const { progress } = this.#several;
    const planned = this.#planned;
    const aim = this.#isReady ? [...this.#aim(), ...aboutTime(text, planned, this.#limit, former())] : [say(text, "curve.fault.controls")];
    this.element.view = { text, lang, card, plan: this.#plan, limit: this.#limit, fault: this.#fault, planned, aim: aim.join(lang === "zh" ? "" : " "), progress, quantity: this.#quantity, isFixed: this.#times !== undefined, result: this.#result, isCopied: this.#isCopied };
  }

  /** What will be done, in a sentence. @returns {string[]} */
  #aim() {
    const { text, lang } = this.#desk;
    const [param, values] = [this.#param, this.#values];
    if (param === undefined) return [say(text, "curve.fault.none")];
    if (this.#fault !== "") return [];
    if (this.#times !== undefined) return [say(text, "curve.aim.times")];
    const list = values.map((value) => valueLabel({ text, lang }, param, value));
    const shown = list.length > 6 ? [...list.slice(0, 4), "…", ...list.slice(-1)] : list;
    return [say(text, "curve.aim", { param: param.title[lang], values: shown.join(say(text, "stuck.comma")) })];
  }
}
