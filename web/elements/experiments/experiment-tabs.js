/**
 * `<experiment-tabs>`: the ways to look at more than one run. Closed it is one line; a tab opens its experiment below.
 *
 * How it works: ARIA tabs that are activated by hand (arrows move the focus, Enter or Space opens), since an experiment
 * is fetched when it is opened. Unlike other tabs none need be chosen: another button closes them. What an experiment
 * shows is put by the page into the place that {@link ExperimentTabs.panel} gives.
 *
 * Data down: `view`. Wish up: `experiment` with the id of a tab, or null to close.
 *
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, keyed, wish, write } from "../dom.js";

/**
 * @typedef {object} TabsView
 * @property {TextTable} text
 * @property {readonly { id: string, label: string }[]} tabs
 * @property {string | null} chosen
 */

/** Where the arrow keys lead, in tabs. */
const STEPS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 });

export class ExperimentTabs extends HTMLElement {
  /** @type {TabsView | null} */
  #view = null;
  #list = h("div", { class: "segments small", role: "tablist", onkeydown: (event) => this.#key(event) });
  #hint = h("p", { class: "hint" });
  #close = h("button", { type: "button", class: "button quiet small", onclick: () => this.#fold() });
  /** @type {Map<string, HTMLElement>} */
  #panels = new Map();

  connectedCallback() {
    if (this.#list.isConnected) return;
    const title = this.querySelector("h2");
    if (title) attribute(this.#list, "aria-labelledby", title.id);
    this.append(h("header", {}, ...(title ? [title] : []), this.#list, this.#hint, h("span", { class: "spring" }), this.#close));
  }

  /** @param {TabsView} view */
  set view(view) {
    this.#view = view;
    const { text, tabs, chosen } = view;
    const entry = chosen ?? tabs[0]?.id;
    keyed(this.#list, tabs, ({ id }) => id, ({ id }) => this.#makeTab(id), (tab, { id, label }) => {
      write(tab, label);
      attribute(tab, "aria-selected", String(id === chosen));
      attribute(tab, "aria-controls", this.#panels.has(id) ? panelId(id) : null);
      if (!this.#list.contains(document.activeElement)) tab.tabIndex = id === entry ? 0 : -1;
    });
    for (const [id, panel] of this.#panels) panel.hidden = id !== chosen;
    write(this.#hint, say(text, "experiment.hint"));
    write(this.#close, say(text, "experiment.close"));
    this.#hint.hidden = chosen !== null;
    this.#close.hidden = chosen === null;
    attribute(this, "data-open", chosen !== null);
  }

  /**
   * The place of an experiment.
   * @param {string} id
   * @returns {HTMLElement}
   */
  panel(id) {
    const panel = this.#panels.get(id) ?? h("div", { class: "experiment", id: panelId(id), role: "tabpanel", "aria-labelledby": tabId(id), hidden: true });
    this.#panels.set(id, panel);
    if (!panel.isConnected) this.append(panel);
    return panel;
  }

  /** @param {string} id */
  #makeTab(id) {
    return h("button", { type: "button", id: tabId(id), role: "tab", onclick: () => wish(this, "experiment", id) });
  }

  /** The focus must not fall with what it stood on. */
  #fold() {
    const { chosen } = this.#view ?? {};
    wish(this, "experiment", null);
    if (chosen) document.getElementById(tabId(chosen))?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const tabs = [...this.#list.querySelectorAll("button")];
    const place = tabs.findIndex((tab) => tab === event.target);
    const step = STEPS[event.code];
    const next = event.code === "Home" ? 0 : event.code === "End" ? tabs.length - 1 : step && (place + step + tabs.length) % tabs.length;
    if (place < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    tabs.forEach((tab, at) => (tab.tabIndex = at === next ? 0 : -1));
    tabs[next]?.focus();
  }
}

/** @param {string} id */
const tabId = (id) => `experiment-tab-${id}`;
/** @param {string} id */
const panelId = (id) => `experiment-${id}`;

customElements.define("experiment-tabs", ExperimentTabs);
