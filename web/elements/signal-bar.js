/**
 * `<signal-bar>`: stop, continue, terminate or kill the selected process of one's own run.
 *
 * It stands at a fixed place below the tree, so that it is reached alike by mouse, finger and key, from the tree and
 * from the timeline. Data down: `view`. Wish up: `signal` with the pid and the signal.
 *
 * @import { VisitorSignal } from "../protocol.js"
 * @import { Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { May } from "./signals.js"
 */

import { say } from "../base/text.js";
import { attribute, h, icon, wish, write } from "./dom.js";
import { SIGNALS, isOfUse, keycap, signalWords } from "./signals.js";
import { colour } from "./words.js";

/**
 * @typedef {object} SignalView
 * @property {TextTable} text
 * @property {Run} run the newest state: signals go to the present, whatever moment is looked at
 * @property {Process | null} process the selected one
 * @property {May} may
 * @property {string} feedback what came of the last signal; empty for nothing to say
 */

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
    this.hidden = may === "none";
    write(this.#word, feedback || about(view));
    this.#name.style.setProperty("--own", colour(process));
    attribute(this.#name, "data-idle", process === null || may !== "own");
    attribute(this, "data-told", feedback !== "" || (process?.exited ?? null) !== null);
    for (const button of this.#buttons) {
      const signal = button.dataset.signal ?? "";
      button.disabled = !isOfUse(process, signal, may);
      write(/** @type {Element} */ (button.querySelector("span")), signalWords(text, signal));
      button.title = `${signalWords(text, signal)} · ${keycap(SIGNALS.find((one) => one.signal === signal)?.key ?? "")}`;
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

/** @param {SignalView} view */
function about({ text, process, may }) {
  if (may === "over") return say(text, "tree.signals.over");
  if (may === "viewer") return say(text, "tree.signals.viewer");
  if (process === null) return say(text, "tree.signals.pick");
  if (process.state === "zombie") return say(text, "tree.signals.zombie", { name: process.label });
  return process.exited ? say(text, "tree.signals.gone", { name: process.label }) : `${process.label} · ${process.pid}`;
}

customElements.define("signal-bar", SignalBar);
