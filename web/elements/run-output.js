/**
 * `<run-output>` and `<output-filter>`: every line that processes wrote, with its time and whose it is.
 *
 * How it works: the document holds a window of the newest lines. As the run goes on, lines are added at its end; when one
 * looks back, they are taken away there; after a jump the window is made anew. A button above it shows more. It follows
 * the end unless the reader has scrolled away from it.
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

/** How many lines the window holds at first; each press of the button shows so many times more. */
const WINDOW = 100;
const MORE = 5;

/** @typedef {"all" | "selected" | number} Filter a number is the key of a process */

/**
 * @typedef {object} OutputView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Process | null} chosen
 * @property {Filter} filter
 */

/**
 * The lines to show, of all processes or of one.
 * @typedef {object} Lines
 * @property {string} of the run and the process, by which a window knows whether it goes on
 * @property {number} length
 * @property {(place: number) => OutputLine} at
 */

export class RunOutput extends HTMLElement {
  /** @type {OutputView | null} */
  #view = null;
  #list = h("ol", { class: "lines", tabindex: 0 });
  #empty = h("p", { class: "empty" });
  #cut = h("p", { class: "cut", hidden: true });
  #earlier = h("button", { type: "button", class: "button quiet small earlier", onclick: () => this.#showMore() });
  #latest = h("button", { type: "button", class: "button small latest", hidden: true, onclick: () => this.#toEnd() });
  /** The window: places from `start` to before `end`, of whom. */
  #shown = { of: "", start: 0, end: 0 };
  #room = WINDOW;
  #follows = true;
  /** @type {string | null} Whose lines are marked. */
  #marked = null;

  connectedCallback() {
    this.append(this.#earlier, this.#list, this.#empty, this.#cut, this.#latest);
    new ResizeObserver(() => this.#follows && this.#toEnd()).observe(this.#list);
    this.#list.addEventListener("scroll", () => this.#onScroll(), { passive: true });
  }

  /** @param {OutputView} view */
  set view(view) {
    this.#view = view;
    const { text, run, chosen, filter } = view;
    const only = byKey(run, filter === "selected" ? chosen?.key : filter === "all" ? null : filter);
    this.#move(linesOf(run, only), view);
    this.#mark(chosen);
    this.#empty.hidden = this.#list.childElementCount > 0;
    write(this.#empty, run.head === null ? say(text, "output.empty") : only ? say(text, "output.none.of", { name: only.label }) : say(text, "output.none"));
    this.#showCut(view, only);
    this.#earlier.hidden = this.#shown.start === 0;
    write(this.#earlier, say(text, "output.earlier", { n: this.#shown.start }));
    write(this.#latest, say(text, "output.latest"));
    attribute(this.#list, "aria-label", say(text, "output.title"));
  }

  /**
   * Below the lines: how much was left out because it was too much.
   * @param {OutputView} view
   * @param {Process | null} only
   */
  #showCut({ run, text }, only) {
    const cuts = run.truncations.filter(({ what, process }) => what === "output" && (only === null || process === only.key));
    const dropped = cuts.reduce((sum, cut) => sum + cut.dropped, 0);
    this.#cut.hidden = dropped === 0;
    write(this.#cut, dropped === 0 ? "" : say(text, "run.truncated.output", { n: dropped }));
  }

  /**
   * Makes the window end where the lines do.
   * @param {Lines} lines
   * @param {OutputView} view
   */
  #move(lines, view) {
    const { of, start, end } = this.#shown;
    const isFar = lines.length > end + this.#room || lines.length < Math.min(end, start + this.#room / 3);
    if (of !== lines.of) this.#begin(lines);
    else if (isFar) this.#jump(lines);
    else if (lines.length === end) return;
    while (this.#shown.end > lines.length) {
      this.#list.lastElementChild?.remove();
      this.#shown.end -= 1;
    }
    this.#grow(lines, view);
    if (this.#follows) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {Lines} lines of another run or of somebody else */
  #begin(lines) {
    this.#room = WINDOW;
    this.#follows = true;
    this.#latest.hidden = true;
    this.#jump(lines);
  }

  /** @param {{ of: string, length: number }} lines */
  #jump({ of, length }) {
    const start = Math.max(0, length - this.#room);
    this.#list.replaceChildren();
    this.#shown = { of, start, end: start };
  }

  /**
   * @param {Lines} lines
   * @param {OutputView} view
   */
  #grow(lines, { run, text }) {
    const added = document.createDocumentFragment();
    for (; this.#shown.end < lines.length; this.#shown.end += 1) {
      const node = lineNode(lines.at(this.#shown.end), run, text);
      attribute(node, "data-chosen", this.#marked !== null && node.dataset.process === this.#marked);
      added.append(node);
    }
    this.#list.append(added);
    while (this.#shown.end - this.#shown.start > 2 * this.#room) {
      this.#list.firstElementChild?.remove();
      this.#shown.start += 1;
    }
  }

  /** @param {Process | null} chosen */
  #mark(chosen) {
    const key = chosen ? String(chosen.key) : null;
    if (this.#marked === key) return;
    this.#marked = key;
    for (const node of this.#list.children) attribute(node, "data-chosen", key !== null && /** @type {HTMLElement} */ (node).dataset.process === key);
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

  #showMore() {
    if (!this.#view) return;
    const { scrollHeight, scrollTop } = this.#list;
    this.#room *= MORE;
    this.#follows = false;
    const { of, end } = this.#shown;
    this.#jump({ of, length: end });
    this.view = this.#view;
    this.#list.scrollTop = this.#list.scrollHeight - (scrollHeight - scrollTop);
  }
}

/**
 * @param {Run} run
 * @param {Process | null} only
 * @returns {Lines}
 */
function linesOf({ head, output }, only) {
  const of = `${head?.run} ${only?.key ?? "all"}`;
  if (only === null) return { of, length: output.length, at: (place) => output.at(place) };
  return { of, length: only.output.length, at: (place) => output.at(only.output.at(place)) };
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
