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
import { PeriodFields } from "./period-fields.js";
import { colour, count } from "./words.js";

/**
 * @typedef {object} NotesView
 * @property {TextTable} text
 * @property {readonly number[]} marks µs, in order
 * @property {Period | null} range
 * @property {Sums | null} sums of the range
 * @property {number} end µs
 */

export class TimeNotes extends HTMLElement {
  #fields = new PeriodFields((period) => wish(this, "range", period));
  #sums = h("p", { class: "sums" });
  #shares = h("ul", { class: "shares" });
  #range = h("section", { class: "range" }, this.#fields.element, this.#sums, this.#shares);
  #marksTitle = h("b", {});
  #list = h("ol", { class: "marks" });
  #marks = h("section", { class: "marked" }, this.#marksTitle, this.#list);

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#marks, this.#range);
  }

  /** @param {NotesView} view */
  set view(view) {
    const { text, marks, range, sums } = view;
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
    attribute(this.#range, "aria-label", say(text, "area.title"));
    this.#fields.show(text, range, end);
    const { events, lines, tasks, puts, gets, shares } = sums;
    const words = [duration(range.end - range.start), count(text, "area.events", { n: events }), count(text, "area.lines", { n: lines })];
    if (tasks > 0) words.push(count(text, "area.tasks", { n: tasks }));
    if (puts + gets > 0) words.push(say(text, "area.items", { puts, gets }));
    write(this.#sums, words.join(" · "));
    keyed(this.#shares, shares, ({ process }) => process.key, () => makeShare(this), (node, share) => updateShare(node, share, text));
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
