/**
 * `<twin-output>`: what both runs printed, side by side, at the moment one looks at. Closed until it is asked for.
 *
 * Data down: `view`, `light`. Wishes up: `select` and `hover`, with the side, as the stage's.
 *
 * @import { Light } from "../../model/light.js"
 * @import { Run } from "../../model/state.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { h, wish, write } from "../dom.js";
import { relight, showing, thingOf } from "../lit.js";
import { RunOutput } from "../run-output.js";

const ANY = showing();

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
    this.#outputs.forEach((output, side) => {
      output.addEventListener("pointerover", ({ target, pointerType }) => {
        if (pointerType !== "touch") wish(this, "hover", { side, thing: thingOf(target, ANY) });
      });
      output.addEventListener("pointerleave", () => wish(this, "hover", { side, thing: null }));
    });
  }

  /** What belongs to the thing that the reader points at, on each side. @param {readonly [Light, Light]} lights */
  set light(lights) {
    this.#outputs.forEach((output, side) => relight(output.querySelectorAll(ANY), /** @type {Light} */ (lights[side])));
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
