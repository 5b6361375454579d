/**
 * `<twin-output>`: what both runs printed, side by side, at the moment one looks at. Closed until it is asked for.
 *
 * Data down: `view`. Wish up: `select` with a selection and its side, as the stage's.
 *
 * @import { Run } from "../../model/state.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { h, wish, write } from "../dom.js";
import { RunOutput } from "../run-output.js";

/** @typedef {{ text: TextTable, runs: readonly Run[] }} OutputsView */

export class TwinOutput extends HTMLElement {
  /** @type {OutputsView | null} */
  #view = null;
  #outputs = [new RunOutput(), new RunOutput()];
  #summary = h("summary");
  #details = h("details", { ontoggle: () => this.#fill() }, this.#summary,
    h("div", { class: "outputs" }, ...this.#outputs.map((output, side) => h("div", {}, h("b", { class: "side" }, side === 0 ? "A" : "B"), output))));

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(this.#details);
    this.#outputs.forEach((output, side) => output.addEventListener("select", (event) => {
      if (!(event instanceof CustomEvent)) return;
      event.stopPropagation();
      wish(this, "select", { side, selection: event.detail });
    }));
  }

  /** @param {OutputsView} view */
  set view(view) {
    this.#view = view;
    write(this.#summary, say(view.text, "compare.outputs"));
    this.#fill();
  }

  #fill() {
    if (!this.#details.open || this.#view === null) return;
    const { text, runs } = this.#view;
    this.#outputs.forEach((output, side) => {
      const run = runs[side];
      if (run) output.view = { text, run, chosen: null, filter: "all" };
    });
  }
}

customElements.define("twin-output", TwinOutput);
