/**
 * `<twin-picker>`: the living processes of both runs as a list to choose from. It does for keys, fingers and screen
 * readers what pressing a lane does.
 *
 * Data down: `view`. Wish up: `select` with {@link SideSelection}.
 *
 * @import { Run } from "../../model/state.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { SideSelection } from "./twin-stage.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, keyed, wish, write } from "../dom.js";

/** @typedef {{ text: TextTable, runs: readonly (Run | null)[], side: number, chosen: number | null }} PickerView `runs`: those that take signals; `chosen`: key of a process of the run on `side` */

const LETTERS = ["A", "B"];

export class TwinPicker extends HTMLElement {
  #none = h("option", { value: "" });
  #groups = LETTERS.map((letter) => h("optgroup", { label: letter }));
  #list = h("select", { class: "line", onchange: () => this.#choose() }, this.#none, ...this.#groups);

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#list);
  }

  /** @param {PickerView} view */
  set view({ text, runs, side, chosen }) {
    attribute(this.#list, "aria-label", say(text, "compare.pick"));
    write(this.#none, say(text, "compare.pick.none"));
    this.#groups.forEach((group, place) => this.#fill(group, runs[place] ?? null, place));
    const value = chosen === null ? "" : `${side} ${chosen}`;
    const isThere = value === "" || [...this.#list.options].some((option) => option.value === value);
    const shown = isThere ? value : "";
    if (this.#list.value !== shown) this.#list.value = shown;
  }

  /**
   * @param {HTMLOptGroupElement} group
   * @param {Run | null} run
   * @param {number} side
   */
  #fill(group, run, side) {
    const living = run === null ? [] : [...run.processes].filter(({ exited }) => exited === null);
    group.hidden = living.length === 0;
    keyed(group, living, ({ key }) => key, ({ key }) => h("option", { value: `${side} ${key}` }), (option, { label, pid }) => write(option, `${LETTERS[side]} · ${label} · ${pid}`));
  }

  #choose() {
    const [side, key] = this.#list.value.split(" ").map(Number);
    /** @type {SideSelection} */
    const chosen = key === undefined ? { side: 0, selection: null } : { side: side === 1 ? 1 : 0, selection: { kind: "process", key } };
    wish(this, "select", chosen);
  }
}

customElements.define("twin-picker", TwinPicker);
