/**
 * `<series-bar>`: Start and Stop of several runs, and how far they are.
 *
 * Data down: `view`. Wishes up: `begin`, `halt`.
 *
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, wish, write } from "../dom.js";
import { count } from "../words.js";

/**
 * How the run under way stands, as the series of runs tells it.
 * @typedef {{ kind: "starting" | "running" | "offline" }
 *   | { kind: "queued", position: number, eta_s: number }
 *   | { kind: "waiting", seconds: number, message: string }} Standing
 */

/**
 * How far several runs are.
 * @typedef {object} Progress
 * @property {"idle" | "running" | "done" | "stopped" | "failed"} phase
 * @property {number} done runs that have ended
 * @property {number} total
 * @property {number | null} left about how many seconds it will take, once that can be told
 * @property {Standing} standing of the run under way
 * @property {string} fault why it failed, a sentence
 */

/**
 * @typedef {object} BarView
 * @property {TextTable} text
 * @property {Progress} progress
 * @property {number} planned how many runs Start would make; 0: none, for what was chosen is wrong
 */

export class SeriesBar extends HTMLElement {
  #start = h("button", { type: "button", class: "button primary", onclick: () => wish(this, "begin") });
  #stop = h("button", { type: "button", class: "button danger", onclick: () => wish(this, "halt") });
  #meter = h("progress", {});
  #words = h("p", { class: "words" });

  connectedCallback() {
    if (!this.#start.isConnected) this.append(this.#start, this.#stop, this.#meter, this.#words);
  }

  /** @param {BarView} view */
  set view(view) {
    const { text, progress, planned } = view;
    const isRunning = progress.phase === "running";
    write(this.#start, count(text, "series.start", { n: planned }));
    write(this.#stop, say(text, "run.stop"));
    this.#start.disabled = planned === 0;
    this.#swap(isRunning);
    this.#meter.hidden = !isRunning;
    this.#meter.max = Math.max(1, progress.total);
    this.#meter.value = progress.done;
    attribute(this.#meter, "aria-label", say(text, "series.progress"));
    write(this.#words, wordsOf(view));
    attribute(this.#words, "data-phase", progress.phase);
  }

  /** Start and Stop stand in one place; the focus goes from one to the other. @param {boolean} isRunning */
  #swap(isRunning) {
    const [shown, hidden] = isRunning ? [this.#stop, this.#start] : [this.#start, this.#stop];
    const hadFocus = document.activeElement === hidden;
    shown.hidden = false;
    hidden.hidden = true;
    if (hadFocus) shown.focus();
  }
}

/**
 * How far they are, in words. Also what screen readers are told.
 * @param {{ text: TextTable, progress: Progress }} view
 * @returns {string}
 */
export function wordsOf({ text, progress }) {
  const { phase, done, total, left, fault } = progress;
  switch (phase) {
    case "idle":
      return say(text, "series.idle");
    case "running": {
      const rest = left === null ? "" : say(text, "series.left", { time: `${left} s` });
      return [say(text, "series.running", { place: Math.min(done + 1, total), total }), standingWords(text, progress.standing), rest].filter((part) => part !== "").join(" · ");
    }
    case "done":
      return count(text, "series.done", { n: done });
    case "stopped":
      return say(text, "series.stopped", { done, total });
    case "failed":
      return say(text, "series.failed", { done, total, fault });
  }
}

/**
 * What is out of the ordinary.
 * @param {TextTable} text
 * @param {Standing} standing
 */
function standingWords(text, standing) {
  switch (standing.kind) {
    case "queued":
      return say(text, "run.queued", { position: standing.position, eta: standing.eta_s });
    case "waiting":
      return say(text, "series.waiting", { message: standing.message, n: standing.seconds });
    case "offline":
      return say(text, "run.reconnecting");
    case "starting":
    case "running":
      return "";
  }
}

customElements.define("series-bar", SeriesBar);
