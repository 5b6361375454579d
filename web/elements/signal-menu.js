/**
 * `<signal-menu>`: the four signals for one process, where the reader has asked for them: a row of the tree, a lane of the
 * timeline. Arrow keys move, Escape and a press elsewhere close it.
 *
 * Data down: `view`, and {@link SignalMenu.open}. Wish up: `signal`.
 *
 * @import { VisitorSignal } from "../protocol.js"
 * @import { Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { May } from "./signals.js"
 */

import { say } from "../base/text.js";
import { attribute, h, icon, wish, write } from "./dom.js";
import { SIGNALS, isOfUse, keycap } from "./signals.js";
import { byKey, colour } from "./words.js";

/** @typedef {{ text: TextTable, run: Run, may: May }} MenuView `run`: the newest state */
/** @typedef {{ key: number, x: number, y: number }} Asked for which process, and where on the screen */

const EDGE = 8;

export class SignalMenu extends HTMLElement {
  /** @type {MenuView | null} */
  #view = null;
  /** @type {number | null} */
  #key = null;
  /** @type {HTMLElement | null} What had the focus before. */
  #before = null;
  #name = h("p", { class: "who" }, h("span", { class: "dot" }), h("b", {}), h("span", { class: "pid mono" }));
  #items = SIGNALS.map(({ signal, path, key }) =>
    h("button", { type: "button", role: "menuitem", "data-signal": signal, tabindex: -1, onclick: () => this.#send(signal) },
      icon(path), h("span", {}), h("code", {}, signal), h("kbd", {}, keycap(key))));
  #list = h("div", { role: "menu" }, ...this.#items);

  connectedCallback() {
    this.append(this.#name, this.#list);
    this.setAttribute("popover", "auto");
    this.addEventListener("keydown", (event) => this.#move(event));
    this.addEventListener("toggle", (event) => event.newState === "closed" && this.#before?.focus({ preventScroll: true }));
  }

  /** @param {MenuView} view */
  set view(view) {
    this.#view = view;
    if (this.#key !== null && this.matches(":popover-open")) this.#show();
  }

  /** @param {Asked} asked */
  open({ key, x, y }) {
    if (this.#view?.may !== "own" || byKey(this.#view.run, key)?.exited !== null) return;
    this.#key = key;
    this.#before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.#show();
    this.showPopover();
    this.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - this.offsetWidth - EDGE))}px`;
    this.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - this.offsetHeight - EDGE))}px`;
    this.#items.find(({ disabled }) => !disabled)?.focus();
  }

  #show() {
    const { text, run, may } = /** @type {MenuView} */ (this.#view);
    const process = byKey(run, this.#key);
    if (process === null || process.exited !== null) return this.hidePopover();
    const [, name, pid] = this.#name.children;
    this.style.setProperty("--own", colour(process));
    if (name) write(name, process.label);
    if (pid) write(pid, String(process.pid));
    attribute(this.#list, "aria-label", say(text, "tree.signals", { name: process.label, pid: process.pid }));
    for (const item of this.#items) {
      const signal = item.dataset.signal ?? "";
      item.disabled = !isOfUse(process, signal, may);
      write(/** @type {Element} */ (item.querySelector("span")), say(text, `signal.${signal}`));
    }
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (way === undefined) return;
    event.preventDefault();
    const usable = this.#items.filter(({ disabled }) => !disabled);
    const place = usable.findIndex((item) => item === document.activeElement);
    usable.at((place + way) % usable.length)?.focus();
  }

  /** @param {VisitorSignal} signal */
  #send(signal) {
    const process = this.#view && byKey(this.#view.run, this.#key);
    if (process) wish(this, "signal", { pid: process.pid, signal });
    this.hidePopover();
  }
}

customElements.define("signal-menu", SignalMenu);
