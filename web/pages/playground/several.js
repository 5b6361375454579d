/**
 * Several runs of an experiment: how far they are, and how long the rest will take.
 *
 * @import { Start } from "../../protocol.js"
 * @import { Ended } from "../../sources/series.js"
 * @import { Progress } from "../../elements/experiments/series-bar.js"
 */

import { Series } from "../../sources/series.js";
import { Refusal } from "../../sources/source.js";
import { keepToken } from "./address.js";

/** @type {Progress} */
const NONE = { phase: "idle", done: 0, total: 0, left: null, standing: { kind: "starting" }, fault: "" };

/**
 * @typedef {object} Setting
 * @property {string} lang the language the server answers in
 * @property {string} lost the sentence for a request whose answer was lost
 * @property {(place: number, ended: Ended) => void} ended a run has come to its end
 * @property {() => void} changed
 */

export class Several {
  progress = NONE;
  #setting;
  /** @type {Series | null} */
  #series = null;
  /** The clock at the first start, in ms. */
  #began = 0;

  /** @param {Setting} setting */
  constructor(setting) {
    this.#setting = setting;
    addEventListener("online", () => this.#series?.retry());
  }

  get isRunning() {
    return this.progress.phase === "running";
  }

  /**
   * Runs them all, one after another. What is under way is ended.
   * @param {readonly Start[]} starts
   */
  async begin(starts) {
    this.#series?.stop();
    const series = new Series({ ended: (place, ended) => this.#onEnded(series, place, ended), standing: (standing) => this.#set({ standing }) }, this.#surroundings());
    this.#series = series;
    this.#began = performance.now();
    this.#set({ ...NONE, phase: "running", total: starts.length });
    const phase = await series.play(starts).then((isWhole) => (isWhole ? "done" : "stopped"), (error) => this.#fail(error));
    if (this.#series === series) this.#set({ phase, left: null });
  }

  /** Ends the run under way and begins no other. */
  halt() {
    this.#series?.stop();
  }

  /** Back to the beginning: what was run is no longer of interest. */
  forget() {
    this.halt();
    this.#series = null;
    this.#set(NONE);
  }

  /**
   * @param {Series} series
   * @param {number} place
   * @param {Ended} ended
   */
  #onEnded(series, place, ended) {
    if (this.#series !== series) return;
    keepToken(ended.run, ended.token);
    const [done, { total }] = [place + 1, this.progress];
    const each = (performance.now() - this.#began) / done / 1000;
    this.#set({ done, left: done < total ? Math.max(1, Math.round(each * (total - done))) : null });
    this.#setting.ended(place, ended);
  }

  /**
   * @param {unknown} error
   * @returns {"failed"}
   */
  #fail(error) {
    const { message, fields } = error instanceof Refusal ? error.problem : { message: String(error), fields: {} };
    this.#set({ fault: [message, ...Object.values(fields ?? {})].join(" ") });
    return "failed";
  }

  /** @param {Partial<Progress>} some */
  #set(some) {
    this.progress = { ...this.progress, ...some };
    this.#setting.changed();
  }

  #surroundings() {
    const { lang, lost } = this.#setting;
    const address = new URL(`/ws?lang=${lang}`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    return {
      connect: () => /** @type {any} */ (new WebSocket(address)),
      later: (/** @type {() => void} */ act, /** @type {number} */ ms) => setTimeout(act, ms),
      cancel: (/** @type {any} */ timer) => clearTimeout(timer),
      random: Math.random,
      lost,
    };
  }
}

/** Any seed will do, as long as all runs get the same. */
export function randomSeed() {
  return Math.floor(Math.random() * 2 ** 31);
}
