/**
 * `<source-view>`: the program as it runs; each line wears the processes that stand on it.
 *
 * How it works: a line never changes its height, so that nothing jumps while processes move: the gutter has room for
 * one chip. Where several stand, it says how many more; pressing it again brings the next of them forward. The selected
 * one is always in front. A line can be pressed, too: then all processes that ran it are lit in every view.
 *
 * Data down: `view`. Wishes up: `select`, `runtime` (another program is shown, and run next).
 *
 * @import { Runtime, Source } from "../../protocol.js"
 * @import { Process, Run } from "../../model/state.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Selection } from "../words.js"
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
 * @property {Selection} selection
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

  /** @type {Selection} */
  #selection = null;

  /** @param {SourceData} view */
  set view(view) {
    this.#selection = view.selection;
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
    this.#lines.addEventListener("click", ({ target }) => this.#press(target));
    this.#code.addEventListener("keydown", (event) => this.#key(event));
  }

  /** A press on a line, which does not end the marking of text, selects it. @param {EventTarget | null} target */
  #press(target) {
    if (!(target instanceof Element) || target.closest("button") || getSelection()?.isCollapsed === false) return;
    const line = Number(target.closest("li")?.dataset.line ?? 0);
    const isChosen = this.#selection?.kind === "line" && this.#selection.key === line;
    if (line > 0) wish(this, "select", isChosen ? null : { kind: "line", key: line });
  }

  /** Arrows go from line to line, Enter selects one. @param {KeyboardEvent} event */
  #key(event) {
    const { code, target } = event;
    const way = { ArrowDown: 1, ArrowUp: -1 }[code] ?? 0;
    if (event.ctrlKey || event.metaKey || event.altKey || target instanceof HTMLButtonElement) return;
    const place = target instanceof HTMLElement ? Number(target.dataset.line ?? 0) - 1 : -1;
    if (code === "Enter" && place >= 0) this.#press(target);
    else if (way === 0) return;
    const next = this.#lines.children[place < 0 ? this.#firstInSight : place + way];
    if (next instanceof HTMLElement && way !== 0) next.focus();
    event.preventDefault();
  }

  get #firstInSight() {
    const { scrollTop } = this.#code;
    return [.../** @type {Iterable<HTMLElement>} */ (this.#lines.children)].findIndex((row) => row.offsetTop - this.#lines.offsetTop >= scrollTop);
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
    const isForeign = run.head !== null && run.head.runtime !== runtime;
    const lines = isForeign ? new Map() : standing(run, file);
    attribute(this.#lines, "data-foreign", isForeign);
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
    const place = chosen === null ? -1 : keys.indexOf(chosen.key);
    const [first, ...others] = [...keys.slice(Math.max(place, 0)), ...keys.slice(0, Math.max(place, 0))].map((key) => run.processes.at(key));
    if (!first) return;
    row.dataset.hot = place >= 0 ? "chosen" : "yes";
    row.style.setProperty("--own", colour(first));
    this.#worn.set(line, row);
    keyed(part(row, ".gutter"), [first], ({ key }) => key, makeChip, (chip) => updateStanding(chip, { line, first, others, text, isChosen: place >= 0 }));
  }

  /**
   * @param {number} line
   * @param {HTMLElement} row
   */
  #undress(line, row) {
    keyed(part(row, ".gutter"), [], () => 0, makeChip);
    this.#worn.delete(line);
    delete row.dataset.hot;
  }
}

/**
 * The chip of a line, which says how many more stand there, in the colour of the next.
 * @param {HTMLButtonElement} chip
 * @param {{ line: number, first: Process, others: readonly Process[], text: TextTable, isChosen: boolean }} standing
 */
function updateStanding(chip, { line, first, others, text, isChosen }) {
  const who = say(text, "source.stands", { line, name: first.label, pid: first.pid });
  const rest = others.length === 0 ? "" : say(text, "source.others", { line, n: others.length, pids: others.map(({ pid }) => pid).join(", ") });
  updateChip(chip, first, { chosen: isChosen, label: rest === "" ? who : `${who}\n${rest}` });
  attribute(chip, "data-more", others.length || null);
  chip.style.setProperty("--next", colour(others[0] ?? null));
  const next = isChosen ? others[0] : undefined;
  if (next) chip.onclick = () => wish(chip, "select", { kind: "process", key: next.key });
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
 * @param {number} place
 */
function lineNode(tokens, place) {
  const first = tokens[0]?.kind === "" ? (tokens[0].text.match(/^ */)?.[0].length ?? 0) : 0;
  const code = h("code", {}, ...tokens.map(({ kind, text }) => (kind === "" ? breakable(text) : [h("span", { class: kind }, text)])).flat());
  code.style.setProperty("--indent", String(first));
  return h("li", { "data-line": place + 1, tabindex: -1 }, h("span", { class: "gutter" }), code);
}

/**
 * Text that a narrow column may break after an opening bracket or before a dot, as a programmer would.
 * @param {string} text
 */
function breakable(text) {
  return text.split(/(?<=\()(?!\))|(?=\.(?:[a-z_]|$))/).flatMap((part, place) => (place > 0 ? [h("wbr"), part] : [part]));
}

customElements.define("source-view", SourceView);
