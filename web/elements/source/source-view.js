/**
 * `<source-view>`: the program as it runs; each line wears the processes that stand on it.
 *
 * How it works: a line never changes its height, so that nothing jumps while processes move: the gutter has room for
 * the chip of one process, and for one button that stands for all others on the line. That button brings the next of
 * them forward; the selected one is always in front.
 *
 * Data down: `view`. Wishes up: `select`, `runtime` (another program is shown, and run next).
 *
 * @import { Runtime, Source } from "../../protocol.js"
 * @import { Process, Run } from "../../model/state.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Token } from "./highlight.js"
 */

import { say } from "../../base/text.js";
import { makeChip, updateChip } from "../chip.js";
import { attribute, h, keyed, wish } from "../dom.js";
import { colour } from "../words.js";
import { highlight } from "./highlight.js";

/**
 * @typedef {object} SourceData
 * @property {TextTable} text
 * @property {readonly Source[]} sources
 * @property {Runtime} runtime which of them is shown
 * @property {Run} run
 * @property {Process | null} chosen
 */

export class SourceView extends HTMLElement {
  /** @type {Runtime | null} */
  #runtime = null;
  #lines = h("ol", { class: "lines" });
  #code = h("div", { class: "code", tabindex: 0, role: "group" }, this.#lines);
  #file = h("code", { class: "hint" });
  /** Whether the lines on which somebody stands are kept in sight; scrolling by hand ends that until the next selection. */
  #follows = true;
  /** @type {number | undefined} Key of the process that was selected last. */
  #chosen;
  #tabs = h("span", { class: "segments small", role: "group" });
  /** @type {Map<number, HTMLElement>} The lines on which somebody stands. */
  #worn = new Map();
  /** What the gutters show, to leave them alone while it stays. */
  #standing = "";

  /** @param {SourceData} view */
  set view(view) {
    if (this.#runtime === null) this.#build(view);
    if (this.#runtime !== view.runtime) this.#load(view);
    this.#stand(view);
  }

  /** @param {SourceData} view */
  #build({ text, sources }) {
    const title = this.querySelector("h2");
    for (const { runtime } of sources) {
      this.#tabs.append(h("button", { type: "button", "data-runtime": runtime, onclick: () => wish(this, "runtime", runtime) }, say(text, `runtime.${runtime}`)));
    }
    attribute(this.#tabs, "aria-label", say(text, "source.title"));
    this.#tabs.hidden = sources.length < 2;
    const header = h("header", {}, ...(title ? [title] : []), this.#tabs, this.#file, h("span", { class: "spring" }), h("span", { class: "hint" }, say(text, "source.lines")));
    attribute(this.#code, "aria-label", say(text, "source.title"));
    this.replaceChildren(header, this.#code);
    for (const byHand of ["wheel", "touchmove", "keydown"]) {
      this.#code.addEventListener(byHand, () => (this.#follows = false), { passive: true });
    }
  }

  /** @param {SourceData} view */
  #load({ sources, runtime }) {
    const source = sources.find((one) => one.runtime === runtime);
    this.#runtime = runtime;
    this.#worn.clear();
    this.#file.textContent = source?.file ?? "";
    this.#standing = "";
    this.#lines.replaceChildren(...highlight(source?.text ?? "", runtime).map(lineNode));
    for (const tab of this.#tabs.children) attribute(tab, "aria-pressed", String(/** @type {HTMLElement} */ (tab).dataset.runtime === runtime));
  }

  /** @param {SourceData} view */
  #stand({ text, sources, runtime, run, chosen }) {
    const file = sources.find((one) => one.runtime === runtime)?.file;
    const lines = run.head === null || run.head.runtime === runtime ? standing(run, file) : new Map();
    const shown = [...lines].map(([line, keys]) => `${line}:${keys}`).join(";") + `|${chosen?.key}`;
    if (shown === this.#standing) return;
    this.#standing = shown;
    for (const [line, row] of this.#worn) if (!lines.has(line)) this.#undress(line, row);
    for (const [line, keys] of lines) this.#dress(line, keys, { text, run, chosen });
    if (chosen?.key !== this.#chosen || run.processes.length === 0) this.#follows = true;
    this.#chosen = chosen?.key;
    if (this.#follows) this.#follow(lines, run, chosen);
  }

  /**
   * Keeps in sight the line of the selected process; without one, of all, or if they are too far apart, of all children.
   * @param {ReadonlyMap<number, readonly number[]>} lines
   * @param {Run} run
   * @param {Process | null} chosen
   */
  #follow(lines, run, chosen) {
    const one = chosen?.exited === null ? chosen.at?.line : undefined;
    if (one !== undefined) return void this.#reveal([one]);
    const children = [...lines].filter(([, keys]) => keys.some((key) => run.processes.at(key).parent !== null));
    if (!this.#reveal([...lines.keys()])) this.#reveal(children.map(([line]) => line));
  }

  /**
   * Scrolls the code, not the page, as little as is needed.
   * @param {readonly number[]} lines
   * @returns {boolean} whether all of them have room
   */
  #reveal(lines) {
    const rows = lines.map((line) => this.#worn.get(line)).filter((row) => row !== undefined);
    if (rows.length === 0) return true;
    const top = Math.min(...rows.map((row) => row.offsetTop)) - this.#lines.offsetTop;
    const bottom = Math.max(...rows.map((row) => row.offsetTop + row.offsetHeight)) - this.#lines.offsetTop + 16;
    const { scrollTop, clientHeight } = this.#code;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (bottom - top > clientHeight) return false;
    if (top < scrollTop) this.#code.scrollTo({ top, behavior });
    else if (bottom > scrollTop + clientHeight) this.#code.scrollTo({ top: bottom - clientHeight, behavior });
    return true;
  }

  /**
   * @param {number} line
   * @param {readonly number[]} keys
   * @param {{ text: TextTable, run: Run, chosen: Process | null }} shown
   */
  #dress(line, keys, { text, run, chosen }) {
    const row = this.#lines.children[line - 1];
    if (!(row instanceof HTMLElement)) return;
    const isChosen = chosen !== null && keys.includes(chosen.key);
    const ordered = isChosen ? [chosen.key, ...keys.filter((key) => key !== chosen.key)] : keys;
    const [first, ...others] = ordered.map((key) => run.processes.at(key));
    if (!first) return;
    row.dataset.hot = isChosen ? "chosen" : "yes";
    row.style.setProperty("--own", colour(first));
    this.#worn.set(line, row);
    const label = say(text, "source.stands", { line, name: first.label, pid: first.pid });
    keyed(part(row, ".front"), [first], ({ key }) => key, makeChip, (chip) => updateChip(chip, first, { chosen: isChosen, label }));
    keyed(part(row, ".more"), others.length > 0 ? [others] : [], () => 0, makeRest, (button) => updateRest(button, line, others, text));
  }

  /**
   * @param {number} line
   * @param {HTMLElement} row
   */
  #undress(line, row) {
    keyed(part(row, ".front"), [], () => 0, makeChip);
    keyed(part(row, ".more"), [], () => 0, makeRest);
    this.#worn.delete(line);
    delete row.dataset.hot;
  }
}

/** The button that stands for the others on a line. */
function makeRest() {
  return h("button", { type: "button", class: "rest" });
}

/**
 * @param {HTMLButtonElement} button
 * @param {number} line
 * @param {readonly Process[]} others
 * @param {TextTable} text
 */
function updateRest(button, line, others, text) {
  const label = say(text, "source.others", { line, n: others.length, pids: others.map(({ pid }) => pid).join(", ") });
  attribute(button, "aria-label", label);
  attribute(button, "title", label);
  button.replaceChildren(...others.slice(0, 4).map(dotOf), h("b", {}, `+${others.length}`));
  button.onclick = () => wish(button, "select", { kind: "process", key: others[0]?.key });
}

/** @param {Process} process */
function dotOf(process) {
  const dot = h("i", {});
  dot.style.setProperty("--own", colour(process));
  return dot;
}

/**
 * @param {Element} row
 * @param {string} name
 */
function part(row, name) {
  return /** @type {HTMLElement} */ (row.querySelector(name));
}

/**
 * Which living processes stand on which line.
 * @param {Run} run
 * @param {string | undefined} file
 * @returns {Map<number, number[]>} keys by line
 */
function standing(run, file) {
  /** @type {Map<number, number[]>} */
  const lines = new Map();
  for (const { key, at, exited } of run.processes) {
    if (exited || at?.file !== file || at === null) continue;
    const keys = lines.get(at.line);
    if (keys) keys.push(key);
    else lines.set(at.line, [key]);
  }
  return lines;
}

/**
 * A line of the program. Wrapped lines go on below their own beginning.
 * @param {readonly Token[]} tokens
 */
function lineNode(tokens) {
  const first = tokens[0]?.kind === "" ? (tokens[0].text.match(/^ */)?.[0].length ?? 0) : 0;
  const code = h("code", {}, ...tokens.map(({ kind, text }) => (kind === "" ? breakable(text) : [h("span", { class: kind }, text)])).flat());
  code.style.setProperty("--indent", String(first));
  return h("li", {}, h("span", { class: "gutter" }, h("span", { class: "more" }), h("span", { class: "front" })), code);
}

/**
 * Text that a narrow column may break after an opening bracket or before a dot, as a programmer would.
 * @param {string} text
 */
function breakable(text) {
  return text.split(/(?<=\()(?!\))|(?=\.(?:[a-z_]|$))/).flatMap((part, place) => (place > 0 ? [h("wbr"), part] : [part]));
}

customElements.define("source-view", SourceView);
