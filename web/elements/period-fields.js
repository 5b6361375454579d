/**
 * A part of the time as two fields, which do by keys what dragging does in the timeline.
 *
 * @import { TextTable } from "../base/text.js"
 * @import { Period } from "./timeline/moments.js"
 */

import { seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { attribute, h, write } from "./dom.js";

/** A field is in seconds, and as fine as the log. */
const DIGITS = 6;

export class PeriodFields {
  #title = h("b", {});
  #start = this.#field();
  #end = this.#field();
  #clear = h("button", { type: "button", class: "button quiet small", onclick: () => this.#wish(null) }, "×");
  element = h("div", { class: "fields-of-range" }, this.#title, this.#start, "–", this.#end, "s", this.#clear);
  #last = 0;
  #wish;

  /** @param {(period: Period | null) => void} wish told what the fields say; null to have no part selected */
  constructor(wish) {
    this.#wish = wish;
  }

  /**
   * @param {TextTable} text
   * @param {Period} period
   * @param {number} last the end of what is known, µs
   */
  show(text, { start, end }, last) {
    this.#last = last;
    write(this.#title, say(text, "area.title"));
    attribute(this.#clear, "aria-label", say(text, "area.clear"));
    attribute(this.#clear, "title", say(text, "area.clear"));
    fill(this.#start, start, last, say(text, "area.from"));
    fill(this.#end, end, last, say(text, "area.to"));
  }

  #field() {
    return h("input", { type: "number", class: "line mono", step: "any", min: 0, inputmode: "decimal", onchange: () => this.#change() });
  }

  /** The fields say the period anew; the smaller number is its start. */
  #change() {
    const [start = 0, end = 0] = [this.#start, this.#end].map(({ value }) => Math.min(Math.max(Math.round(Number(value) * 1e6), 0), this.#last)).sort((a, b) => a - b);
    this.#wish({ start, end });
  }
}

/**
 * @param {HTMLInputElement} field
 * @param {number} t
 * @param {number} last
 * @param {string} label
 */
function fill(field, t, last, label) {
  attribute(field, "aria-label", label);
  attribute(field, "max", last / 1e6);
  const value = String(Number(seconds(t, DIGITS)));
  if (document.activeElement !== field && field.value !== value) field.value = value;
}
