/**
 * `<twin-range>`: a selected part of the time of two runs, and what happened in it, side by side.
 *
 * Data down: `view`. Wish up: `range`.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Row } from "../../model/compare.js"
 * @import { Period } from "../timeline/moments.js"
 */

import { say } from "../../base/text.js";
import { attribute, wish } from "../dom.js";
import { PeriodFields } from "../period-fields.js";
import { TwinVerdict } from "./twin-verdict.js";

/** @typedef {{ text: TextTable, range: Period | null, rows: readonly Row[], end: number }} RangeView `end`: of the longer run, µs */

export class TwinRange extends HTMLElement {
  #fields = new PeriodFields((period) => wish(this, "range", period));
  #table = new TwinVerdict();

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.setAttribute("role", "group");
    this.append(this.#fields.element, this.#table);
  }

  /** @param {RangeView} view */
  set view({ text, range, rows, end }) {
    this.hidden = range === null;
    if (range === null) return;
    attribute(this, "aria-label", say(text, "area.title"));
    this.#fields.show(text, range, end);
    this.#table.view = { text, rows, isWhole: true };
  }
}

customElements.define("twin-range", TwinRange);
