/**
 * `<time-notes>`: what the reader put on the time, in words: the selected part with two fields and its sums, and the
 * marks as a list. It does by fields and buttons what dragging and the key M do in the timeline.
 *
 * Data down: `view`. Wishes up: `range`, `mark` (which takes a mark away), `seek` (µs), `select` (a process).
 *
 * @import { Sums } from "../model/range.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Period } from "./timeline/moments.js"
 */

import { duration, seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour, count } from "./words.js";

/**
 * @typedef {object} NotesView
 * @property {TextTable} text
 * @property {readonly number[]} marks µs, in order
 * @property {Period | null} range
 * @property {Sums | null} sums of the range
 * @property {number} end µs
 */

/** A field is in seconds, and as fine as the log. */
const DIGITS = 6;

export class TimeNotes extends HTMLElement {
  /** @type {NotesView | null} */
  #view = null;
  #title = h("b", {});
  #start = this.#field();
  #end = this.#field();
  #clear = h("button", { type: "button", class: "button quiet small", onclick: () => wish(this, "range", null) }, "×");
  #sums = h("p", { class: "sums" });
  #shares = h("ul", { class: "shares" });
  #range = h("section", { class: "range" }, h("div", { class: "fields-of-range" }, this.#title, this.#start, "–", this.#end, "s", this.#clear), this.#sums, this.#shares);
  #marksTitle = h("b", {});
  #list = h("ol", { class: "marks" });
  #marks = h("section", { class: "marked" }, this.#marksTitle, this.#list);

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#marks, this.#range);
  }

  /** @param {NotesView} view */
  set view(view) {
    const { text, marks, range, sums } = view;
    this.#view = view;
    this.hidden = marks.length === 0 && range === null;
    this.#range.hidden = range === null;
    this.#marks.hidden = marks.length === 0;
    write(this.#marksTitle, say(text, "timeline.marks"));
    keyed(this.#list, marks, (t) => t, (t) => this.#makeMark(t), (node, t) => updateMark(node, t, marks.indexOf(t) + 1, text));
    if (range && sums) this.#showRange(view, range, sums);
  }

  /**
   * @param {NotesView} view
   * @param {Period} range
   * @param {Sums} sums
   */
  #showRange({ text, end }, range, sums) {
    write(this.#title, say(text, "area.title"));
    attribute(this.#range, "aria-label", say(text, "area.title"));
    name(this.#clear, say(text, "area.clear"));
    fill(this.#start, range.start, end, say(text, "area.from"));
    fill(this.#end, range.end, end, say(text, "area.to"));
    const { events, lines, tasks, puts, gets, shares } = sums;
    const words = [duration(range.end - range.start), count(text, "area.events", { n: events }), count(text, "area.lines", { n: lines })];
    if (tasks > 0) words.push(count(text, "area.tasks", { n: tasks }));
    if (puts + gets > 0) words.push(say(text, "area.items", { puts, gets }));
    write(this.#sums, words.join(" · "));
    keyed(this.#shares, shares, ({ process }) => process.key, () => makeShare(this), (node, share) => updateShare(node, share, text));
  }

  #field() {
    return h("input", { type: "number", class: "line mono", step: "any", min: 0, inputmode: "decimal", onchange: () => this.#change() });
  }

  /** The fields say the range anew; the smaller number is its start. */
  #change() {
    const end = this.#view?.end ?? 0;
    const [one, other] = [this.#start, this.#end].map(({ value }) => Math.min(Math.max(Math.round(Number(value) * 1e6), 0), end)).sort((a, b) => a - b);
    wish(this, "range", { start: one, end: other });
  }

  /** @param {number} t */
  #makeMark(t) {
    return h("li", {}, h("button", { type: "button", class: "button quiet small", onclick: () => wish(this, "seek", t) }),
      h("button", { type: "button", class: "button quiet small away", onclick: () => wish(this, "mark", t) }, "×"));
  }
}

/**
 * @param {HTMLElement} node
 * @param {number} t
 * @param {number} number
 * @param {TextTable} text
 */
function updateMark(node, t, number, text) {
  const [go, away] = /** @type {[HTMLElement, HTMLElement]} */ ([...node.children]);
  const time = `${seconds(t, 3)} s`;
  write(go, `${number} · ${time}`);
  name(go, say(text, "mark.go", { n: number, time }));
  name(away, say(text, "mark.clear", { n: number }));
}

/**
 * @param {HTMLInputElement} field
 * @param {number} t
 * @param {number} end
 * @param {string} label
 */
function fill(field, t, end, label) {
  attribute(field, "aria-label", label);
  attribute(field, "max", end / 1e6);
  const value = String(Number(seconds(t, DIGITS)));
  if (document.activeElement !== field && field.value !== value) field.value = value;
}

/** @param {HTMLElement} button @param {string} words */
function name(button, words) {
  attribute(button, "aria-label", words);
  attribute(button, "title", words);
}

/** @param {HTMLElement} from */
function makeShare(from) {
  const node = h("li", {}, h("button", { type: "button" }, h("span", { class: "dot" }), h("b", {}), h("span", { class: "mono" })));
  node.addEventListener("click", () => wish(from, "select", { kind: "process", key: Number(node.dataset.key) }));
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {import("../model/range.js").Share} share
 * @param {TextTable} text
 */
function updateShare(node, { process, cpu, blocked }, text) {
  node.dataset.key = String(process.key);
  node.style.setProperty("--own", colour(process));
  write(/** @type {Element} */ (node.querySelector("b")), process.label);
  const words = [say(text, "area.cpu", { cpu: duration(cpu) }), ...(blocked > 0 ? [say(text, "area.blocked", { blocked: duration(blocked) })] : [])];
  write(/** @type {Element} */ (node.querySelector(".mono")), words.join(" · "));
}

customElements.define("time-notes", TimeNotes);
