/**
 * `<signal-bar>`: stop, continue, terminate or kill the selected process of one's own run.
 *
 * It stands at a fixed place below the tree, so that it is reached alike by mouse, finger and key, from the tree and
 * from the timeline. Data down: `view`. Wish up: `signal` with the pid and the signal.
 *
 * @import { VisitorSignal } from "../protocol.js"
 * @import { Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { attribute, h, icon, wish, write } from "./dom.js";
import { colour } from "./words.js";

/**
 * @typedef {object} SignalView
 * @property {TextTable} text
 * @property {Run} run the newest state: signals go to the present, whatever moment is looked at
 * @property {Process | null} process the selected one
 * @property {"none" | "own" | "viewer" | "over"} may
 * @property {string} feedback what came of the last signal; empty for nothing to say
 */

/** @type {readonly { signal: VisitorSignal, path: string }[]} */
const SIGNALS = [
  { signal: "SIGSTOP", path: "M4 3h3v10H4zM9 3h3v10H9z" },
  { signal: "SIGCONT", path: "M4 2.5v11l9-5.5z" },
  { signal: "SIGTERM", path: "M3.5 3.5h9v9h-9z" },
  { signal: "SIGKILL", path: "M4.4 3 8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8 3 4.4z" },
];

export class SignalBar extends HTMLElement {
  /** @type {SignalView | null} */
  #view = null;
  #word = h("span", { class: "word" });
  #name = h("p", { class: "about" }, h("span", { class: "dot" }), this.#word);
  #buttons = SIGNALS.map(({ signal, path }) =>
    h("button", { type: "button", class: "button small", "data-signal": signal, onclick: () => this.#send(signal) },
      icon(path), h("code", { "aria-hidden": "true" }, signal.slice(3)), h("span", { class: "unseen" })));

  connectedCallback() {
    this.append(this.#name, h("div", { class: "signals", role: "group" }, ...this.#buttons));
  }

  /** @param {SignalView} view */
  set view(view) {
    this.#view = view;
    const { text, process, may, feedback } = view;
    const isAlive = process !== null && process.exited === null && may === "own";
    this.hidden = may === "none";
    write(this.#word, feedback || about(view));
    this.#name.style.setProperty("--own", colour(process));
    attribute(this.#name, "data-idle", process === null || may !== "own");
    for (const button of this.#buttons) {
      const signal = button.dataset.signal ?? "";
      button.disabled = !isAlive || isIdle(process, signal);
      const words = `${say(text, `signal.${signal}`)} ${signal}`;
      write(/** @type {Element} */ (button.querySelector("span")), words);
      button.title = words;
    }
    attribute(/** @type {Element} */ (this.querySelector(".signals")), "aria-label",
      process ? say(text, "tree.signals", { name: process.label, pid: process.pid }) : say(text, "tree.signals.pick"));
  }

  /** @param {VisitorSignal} signal */
  #send(signal) {
    const process = this.#view?.process;
    if (process) wish(this, "signal", { pid: process.pid, signal });
  }
}

/**
 * Whether a signal would change nothing: continuing what is not stopped, stopping what is.
 * @param {Process | null} process
 * @param {string} signal
 */
function isIdle(process, signal) {
  const isStopped = process?.state === "stopped";
  return (signal === "SIGCONT" && !isStopped) || (signal === "SIGSTOP" && isStopped);
}

/** @param {SignalView} view */
function about({ text, process, may }) {
  if (may === "over") return say(text, "tree.signals.over");
  if (may === "viewer") return say(text, "tree.signals.viewer");
  if (process === null) return say(text, "tree.signals.pick");
  return process.exited ? say(text, "tree.signals.gone", { name: process.label }) : `${process.label} · ${process.pid}`;
}

customElements.define("signal-bar", SignalBar);
