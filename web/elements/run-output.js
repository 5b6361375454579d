/**
 * `<run-output>` and `<output-filter>`: every line that processes wrote, with its time and whose it is.
 *
 * How it works: lines are only ever appended, so the list remembers how far it has come and adds what is new; when one
 * looks back, it starts anew. It keeps the newest {@link MOST} lines. It follows the end unless the reader has scrolled
 * away from it.
 *
 * Data down: `view`. Wishes up: `select`; `filter` with {@link Filter}.
 *
 * @import { OutputLine, Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { byKey } from "./words.js";

/** How many lines are in the document at most. */
const MOST = 1000;

/** @typedef {"all" | "selected" | number} Filter a number is the key of a process */

/**
 * @typedef {object} OutputView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Process | null} chosen
 * @property {Filter} filter
 */

export class RunOutput extends HTMLElement {
  #list = h("ol", { class: "lines", tabindex: 0 });
  #empty = h("p", { class: "empty" });
  #earlier = h("p", { class: "earlier" });
  #latest = h("button", { type: "button", class: "button small latest", hidden: true, onclick: () => this.#toEnd() });
  /** What the list shows: until which line of the run, of whom, and the last of them (the run may be another one). */
  #shown = { length: 0, only: /** @type {number | null} */ (null), last: /** @type {OutputLine | undefined} */ (undefined), dropped: 0 };
  #follows = true;

  connectedCallback() {
    this.append(this.#earlier, this.#list, this.#empty, this.#latest);
    this.#list.addEventListener("scroll", () => this.#onScroll(), { passive: true });
  }

  /** @param {OutputView} view */
  set view(view) {
    const { text, run, chosen, filter } = view;
    const only = filter === "selected" ? (chosen?.key ?? null) : filter === "all" ? null : filter;
    if (!this.#continues(run, only)) this.#clear(only);
    this.#append(view, only);
    const of = byKey(run, only);
    this.#empty.hidden = this.#list.childElementCount > 0;
    write(this.#empty, run.head === null ? say(text, "output.empty") : of ? say(text, "output.none.of", { name: of.label }) : say(text, "output.none"));
    this.#earlier.hidden = this.#shown.dropped === 0;
    write(this.#earlier, say(text, "output.earlier", { n: this.#shown.dropped }));
    write(this.#latest, say(text, "output.latest"));
    attribute(this.#list, "aria-label", say(text, "output.title"));
    this.#mark(chosen);
  }

  /**
   * Whether this run only adds lines to what is shown.
   * @param {Run} run
   * @param {number | null} only
   */
  #continues({ output }, only) {
    const { length, last } = this.#shown;
    return only === this.#shown.only && output.length >= length && (length === 0 || output.at(length - 1) === last);
  }

  /** @param {number | null} only */
  #clear(only) {
    this.#list.replaceChildren();
    this.#shown = { length: 0, only, last: undefined, dropped: 0 };
    this.#follows = true;
    this.#latest.hidden = true;
  }

  /**
   * @param {OutputView} view
   * @param {number | null} only
   */
  #append({ text, run }, only) {
    const { output } = run;
    if (output.length === this.#shown.length) return;
    const added = document.createDocumentFragment();
    let fresh = placesOf(run, only, this.#shown.length);
    this.#shown.dropped += Math.max(0, fresh.length - MOST);
    fresh = fresh.slice(-MOST);
    for (const place of fresh) added.append(lineNode(output.at(place), run, text));
    this.#list.append(added);
    this.#shown.length = output.length;
    this.#shown.last = output.last;
    while (this.#list.childElementCount > MOST) {
      this.#list.firstElementChild?.remove();
      this.#shown.dropped += 1;
    }
    if (this.#follows) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {Process | null} chosen */
  #mark(chosen) {
    const key = chosen ? String(chosen.key) : "";
    if (this.dataset.chosen === key) return;
    this.dataset.chosen = key;
    for (const node of this.#list.children) attribute(node, "data-chosen", key !== "" && /** @type {HTMLElement} */ (node).dataset.process === key);
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    this.#follows = scrollHeight - scrollTop - clientHeight < 24;
    this.#latest.hidden = this.#follows;
  }

  #toEnd() {
    this.#follows = true;
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

/**
 * The lines from a place on, of all or of one process.
 * @param {Run} run
 * @param {number | null} only
 * @param {number} from
 * @returns {number[]}
 */
function placesOf(run, only, from) {
  const process = byKey(run, only);
  if (process) return [...process.output].filter((place) => place >= from);
  return Array.from({ length: run.output.length - from }, (_, offset) => from + offset);
}

/**
 * @param {OutputLine} line
 * @param {Run} run
 * @param {TextTable} text
 */
function lineNode({ t, process: key, stream, text: words }, run, text) {
  const process = byKey(run, key);
  const node = h("li", { "data-stream": stream, "data-process": key }, h("time", {}, seconds(t)));
  if (process) {
    const chip = makeChip();
    updateChip(chip, process, { chosen: false, label: `${process.label} · ${process.pid}` });
    chip.removeAttribute("aria-pressed");
    node.append(chip);
  }
  if (stream === "stderr") node.append(h("span", { class: "unseen" }, say(text, "output.stderr")));
  node.append(h("span", { class: "said" }, words));
  return node;
}

export class OutputFilter extends HTMLElement {
  #select = h("select", { onchange: () => this.#tell() });

  connectedCallback() {
    this.append(this.#select);
  }

  /** @param {OutputView} view */
  set view({ text, run, filter }) {
    attribute(this.#select, "aria-label", say(text, "output.of"));
    const options = [
      { value: "all", label: say(text, "output.all") },
      { value: "selected", label: say(text, "output.selected") },
      ...[...run.processes].map(({ key, label, pid }) => ({ value: String(key), label: `${label} · ${pid}` })),
    ];
    keyed(this.#select, options, ({ value }) => value, ({ value }) => h("option", { value }), (node, { label }) => write(node, label));
    if (this.#select.value !== String(filter)) this.#select.value = String(filter);
  }

  #tell() {
    const { value } = this.#select;
    wish(this, "filter", value === "all" || value === "selected" ? value : Number(value));
  }
}

customElements.define("run-output", RunOutput);
customElements.define("output-filter", OutputFilter);
