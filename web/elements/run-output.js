/**
 * `<run-output>` and `<output-filter>`: every line that processes wrote, with its time and whose it is.
 *
 * How it works: the document holds a window of the newest lines. As the run goes on, lines are added at its end; when one
 * looks back, they are taken away there; after a jump the window is made anew, at first with the few lines that one can
 * see, and with the others when it is calm. A button above it shows more. It follows
 * the end unless the reader has scrolled away from it; then nothing is added until the reader comes back.
 *
 * The style scrolls from the end (a reversed column), so that following needs no measuring: the end is at 0, and what is
 * above it has a negative place.
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
/** How many are made at once after a jump: as many as one sees. */
const FEW = 20;
/** How long no jump must follow before the others are made, in ms. */
const CALM_MS = 300;
/** So near to the end, in pixels, one is at it. */
const NEAR = 24;

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
  #list = h("ol");
  #window = h("div", { class: "lines", tabindex: 0, role: "group" }, this.#list);
  #empty = h("p", { class: "empty" });
  #cut = h("p", { class: "cut", hidden: true });
  #earlier = h("button", { type: "button", class: "button quiet small earlier", onclick: () => this.#showMore() });
  #latest = h("button", { type: "button", class: "button small latest", hidden: true, onclick: () => this.#goBack() });
  /** The window: places from `start` to before `end`, of whom. */
  #shown = { of: "", start: 0, end: 0 };
  #room = WINDOW;
  #follows = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {string | null} Whose lines are marked. */
  #marked = null;

  connectedCallback() {
    this.append(this.#earlier, this.#window, this.#empty, this.#cut, this.#latest);
    this.#window.addEventListener("scroll", () => this.#onScroll(), { passive: true });
  }

  /** @param {OutputView} view */
  set view(view) {
    this.#view = view;
    const { text, run, chosen } = view;
    const only = onlyOf(view);
    this.#move(linesOf(run, only), view);
    this.#mark(chosen);
    this.#window.hidden = this.#list.childElementCount === 0;
    this.#empty.hidden = !this.#window.hidden;
    write(this.#empty, run.head === null ? say(text, "output.empty") : only ? say(text, "output.none.of", { name: only.label }) : say(text, "output.none"));
    this.#showCut(view, only);
    this.#earlier.hidden = this.#shown.start === 0;
    write(this.#earlier, say(text, "output.earlier", { n: this.#shown.start }));
    write(this.#latest, say(text, "output.latest"));
    attribute(this.#window, "aria-label", say(text, "output.title"));
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
    for (const { process } of cuts) this.#markCut(byKey(run, process), only !== null, say(text, "timeline.cut"));
  }

  /**
   * Where a process was cut short its last line says so.
   * @param {Process | null} process
   * @param {boolean} isAlone whether only its own lines are shown
   * @param {string} words
   */
  #markCut(process, isAlone, words) {
    if (process === null || process.output.length === 0) return;
    const last = process.output.length - 1;
    const node = this.#list.children[(isAlone ? last : process.output.at(last)) - this.#shown.start];
    const said = node?.querySelector(".said");
    if (said) attribute(said, "data-cut", words);
  }

  /**
   * Makes the window end where the lines do, but adds nothing below a reader who has scrolled up.
   * @param {Lines} lines
   * @param {OutputView} view
   */
  #move(lines, view) {
    const { of, start, end } = this.#shown;
    const isFar = lines.length > end + FEW || lines.length < Math.min(end, start + this.#room / 3);
    if (of !== lines.of) this.#begin(lines);
    else if (lines.length === end || (lines.length > end && !this.#follows)) return;
    else if (isFar) this.#jump(lines);
    while (this.#shown.end > lines.length) {
      this.#list.lastElementChild?.remove();
      this.#shown.end -= 1;
    }
    this.#grow(lines, view);
  }

  /** @param {Lines} lines of another run or of somebody else */
  #begin(lines) {
    this.#room = WINDOW;
    this.#toEnd();
    this.#jump(lines);
  }

  /** @param {{ of: string, length: number }} lines */
  #jump({ of, length }) {
    const start = Math.max(0, length - FEW);
    this.#list.replaceChildren();
    this.#shown = { of, start, end: start };
    clearTimeout(this.#timer);
    if (start > 0) this.#timer = setTimeout(() => this.#fill(), CALM_MS);
  }

  /** Makes the earlier lines that the window has room for. What is read stays where it is, as its place is counted from the end. */
  #fill() {
    if (!this.#view) return;
    const { start, end } = this.#shown;
    const first = Math.max(0, end - this.#room);
    if (first >= start) return;
    this.#shown.start = first;
    this.#list.prepend(this.#nodes(linesOf(this.#view.run, onlyOf(this.#view)), first, start, this.#view));
    this.#show();
  }

  /**
   * @param {Lines} lines
   * @param {OutputView} view
   */
  #grow(lines, view) {
    this.#list.append(this.#nodes(lines, this.#shown.end, lines.length, view));
    this.#shown.end = lines.length;
    while (this.#shown.end - this.#shown.start > 2 * this.#room) {
      this.#list.firstElementChild?.remove();
      this.#shown.start += 1;
    }
  }

  /**
   * @param {Lines} lines
   * @param {number} start place of the first
   * @param {number} end place after the last
   * @param {OutputView} view
   */
  #nodes(lines, start, end, { run, text }) {
    const nodes = document.createDocumentFragment();
    for (let place = start; place < end; place += 1) {
      const node = lineNode(lines.at(place), run, text);
      attribute(node, "data-chosen", this.#marked !== null && node.dataset.process === this.#marked);
      nodes.append(node);
    }
    return nodes;
  }

  /** @param {Process | null} chosen */
  #mark(chosen) {
    const key = chosen ? String(chosen.key) : null;
    if (this.#marked === key) return;
    this.#marked = key;
    for (const node of this.#list.children) attribute(node, "data-chosen", key !== null && /** @type {HTMLElement} */ (node).dataset.process === key);
  }

  #onScroll() {
    const follows = this.#window.scrollTop > -NEAR;
    this.#latest.hidden = follows;
    if (follows === this.#follows) return;
    this.#follows = follows;
    if (follows) this.#show();
  }

  /** Back to the newest line; what came meanwhile is added. */
  #goBack() {
    this.#toEnd();
    this.#show();
  }

  #toEnd() {
    this.#latest.hidden = this.#follows = true;
    this.#window.scrollTop = 0;
  }

  #show() {
    if (this.#view) this.view = this.#view;
  }

  #showMore() {
    this.#room *= MORE;
    this.#fill();
  }
}

/**
 * Whose lines alone are to be shown; null: those of all.
 * @param {OutputView} view
 * @returns {Process | null}
 */
function onlyOf({ run, chosen, filter }) {
  return byKey(run, filter === "selected" ? chosen?.key : filter === "all" ? null : filter);
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
    // Hundreds of lines must not stand in the way of Tab; the tree chooses by keys.
    chip.tabIndex = -1;
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
