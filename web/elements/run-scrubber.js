/**
 * `<run-scrubber>`: the moment one looks at. Play, pause, step by event, speed, a slider, and back to live.
 *
 * LIVE and REPLAY are told apart by word, colour and the edge of the panel; while one looks back, the run goes on.
 * Data down: `view`. Wishes up: `play`, `pause`, `follow`, `restart`, `step` (events), `seek` (µs), `speed`.
 *
 * @import { Mode } from "../model/player.js"
 * @import { TextTable } from "../base/text.js"
 */

import { seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { attribute, h, icon, wish, write } from "./dom.js";

/**
 * @typedef {object} ScrubberView
 * @property {TextTable} text
 * @property {Mode} mode
 * @property {number} time µs
 * @property {number} end µs
 * @property {boolean} isPlaying
 * @property {boolean} isOver whether the run has ended
 * @property {boolean} [isCut] whether nothing arrives of a run that one would see live
 * @property {number} speed
 */

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
const START = "M3 3h2v10H3zM13 3v10L6 8z";
const BACK = "M11 3v10L4 8z";
const FORWARD = "M5 3v10l7-5z";
/** Steps of the slider over the whole run. */
const FINE = 1000;

export class RunScrubber extends HTMLElement {
  /** @type {ScrubberView | null} */
  #view = null;
  #badge = h("span", { class: "badge" });
  #playShape = icon(PLAY);
  #start = this.#button(START, () => wish(this, "restart"));
  #back = this.#button(BACK, () => wish(this, "step", -1));
  #play = h("button", { type: "button", class: "button quiet small", onclick: () => this.#toggle() }, this.#playShape);
  #forward = this.#button(FORWARD, () => wish(this, "step", 1));
  #slider = h("input", { type: "range", min: 0, max: FINE, step: 1, oninput: () => this.#seek() });
  #clock = h("output", { class: "mono" });
  #speed = h("select", { class: "speed", onchange: () => wish(this, "speed", Number(this.#speed.value)) },
    ...SPEEDS.map((speed) => h("option", { value: speed }, `${speed}×`)));
  #live = h("button", { type: "button", class: "button small live", onclick: () => wish(this, "follow") });

  connectedCallback() {
    this.append(this.#badge, h("span", { class: "steps" }, this.#start, this.#back, this.#play, this.#forward),
      this.#speed, this.#slider, this.#clock, this.#live);
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {ScrubberView} view */
  set view(view) {
    const { text, mode, time, end, isPlaying, isOver, isCut = false, speed } = view;
    if (this.#view === null) this.#name(text);
    this.#view = view;
    attribute(this, "data-mode", mode);
    write(this.#badge, say(text, isCut ? "scrub.mode.cut" : `scrub.mode.${{ empty: "none", live: "live", finished: "end", replay: "replay" }[mode]}`));
    const word = say(text, isPlaying || mode === "live" ? "scrub.pause" : "scrub.play");
    attribute(this.#play, "aria-label", word);
    attribute(this.#play, "title", word);
    attribute(/** @type {Element} */ (this.#playShape.firstElementChild), "d", isPlaying || mode === "live" ? PAUSE : PLAY);
    for (const control of [this.#start, this.#back, this.#play, this.#forward, this.#slider, this.#speed]) control.disabled = mode === "empty";
    this.#forward.disabled ||= mode === "live" || mode === "finished";
    this.#place(time, end);
    write(this.#clock, mode === "empty" ? "" : mode === "live" ? `${seconds(end)} s` : `${seconds(time)} / ${seconds(end)} s`);
    if (this.#speed.value !== String(speed)) this.#speed.value = String(speed);
    // At the end of what has ended there is nowhere to go. Its place stays, so that the slider keeps its length under the hand.
    this.#live.hidden = mode !== "replay" || (isOver && time >= end);
    this.#live.style.visibility = isOver && time >= end ? "hidden" : "";
    write(this.#live, say(text, isOver ? "scrub.end" : "scrub.live"));
  }

  /** @param {TextTable} text */
  #name(text) {
    const names = { start: this.#start, back: this.#back, forward: this.#forward, speed: this.#speed, slider: this.#slider };
    for (const [key, control] of Object.entries(names)) {
      control.setAttribute("aria-label", say(text, `scrub.${key}`));
      control.title = say(text, `scrub.${key}`);
    }
  }

  /**
   * @param {string} path
   * @param {() => void} act
   */
  #button(path, act) {
    return h("button", { type: "button", class: "button quiet small", onclick: act }, icon(path));
  }

  /**
   * @param {number} time
   * @param {number} end
   */
  #place(time, end) {
    const share = end > 0 ? time / end : 0;
    this.#slider.value = String(Math.round(share * FINE));
    this.#slider.style.setProperty("--share", share.toFixed(4));
    const { text } = /** @type {ScrubberView} */ (this.#view);
    attribute(this.#slider, "aria-valuetext", say(text, "scrub.at", { time: `${seconds(time)} s`, total: `${seconds(end)} s` }));
  }

  #toggle() {
    const isRunning = this.#view?.isPlaying || this.#view?.mode === "live";
    wish(this, isRunning ? "pause" : "play");
  }

  #seek() {
    wish(this, "seek", (Number(this.#slider.value) / FINE) * (this.#view?.end ?? 0));
  }

  /**
   * asciinema's keys: space plays, digits go to tenths, arrows step by event.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^Digit(\d)$/.exec(event.code)?.[1];
    if (event.code === "Space") this.#toggle();
    else if (event.code === "ArrowLeft") wish(this, "step", -1);
    else if (event.code === "ArrowRight") wish(this, "step", 1);
    else if (event.code === "End") wish(this, "follow");
    else if (digit !== undefined) wish(this, "seek", (Number(digit) / 10) * (this.#view?.end ?? 0));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("run-scrubber", RunScrubber);
