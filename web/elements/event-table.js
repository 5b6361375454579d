/**
 * `<event-table>`: every event in one sentence; the accessible twin of the timeline. Events are found by kind and by
 * words; arrow keys go from row to row.
 *
 * How it works: only the rows in sight are in the document; they have one height, so a spacer above and below stands
 * for the others and 20,000 events cost no more than 20. The row of the moment one looks at is marked.
 *
 * Data down: `view`. Wishes up: `select` (an event, which also is a moment), `unfold`.
 *
 * @import { Event } from "../protocol.js"
 * @import { Kind } from "../model/search.js"
 * @import { Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { processAt } from "../model/lookup.js";
import { KINDS, kindOf, matches } from "../model/search.js";
import { sentence } from "../model/sentence.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour } from "./words.js";

/**
 * @typedef {object} TableView
 * @property {TextTable} text
 * @property {readonly Event[]} events all that have arrived
 * @property {Run} run the state one looks at
 * @property {Run} latest
 * @property {Selection} selection
 */

/** The height of a row in pixels; the style says the same. */
const ROW = 28;
/** Rows made beyond each edge, so that scrolling does not show a gap. */
const SPARE = 8;

export class EventTable extends HTMLElement {
  /** @type {TableView | null} */
  #view = null;
  /** @type {readonly Event[]} The events that match the filter. */
  #found = [];
  #needle = "";
  /** @type {Kind | "all"} */
  #kind = "all";
  /** The types of event that the run has had so far, and how many of them the choice of kinds is made of. @type {Set<Event["type"]>} */
  #types = new Set();
  #offered = 0;
  /** How many events were looked at for that. */
  #sorted = 0;
  /** How many events the filter has seen, and of which log. */
  #seen = { length: 0, first: /** @type {Event | undefined} */ (undefined) };
  /** Whether the table goes with the moment one looks at; scrolling by hand ends that, the end begins it again. */
  #follows = true;
  /** Where it is scrolled to and how high it is: asking the document would lay out the page in the middle of a frame. */
  #top = 0;
  #height = 0;
  /** Out of sight the rows are kept true, but nothing is scrolled: that would lay them out for nobody. */
  #isSeen = false;
  /** How many rows it was long when it was drawn. */
  #length = 0;
  /** The event it went to last. */
  #at = 0;
  #count = h("span", { class: "hint" });
  #filter = h("input", { type: "search", class: "line", autocomplete: "off", oninput: () => this.#search() });
  #select = h("select", { class: "kinds", onchange: () => this.#search() });
  #empty = h("p", { class: "empty" });
  #body = h("tbody", {});
  #above = h("tbody", { "aria-hidden": "true" }, h("tr", {}, h("td", { colspan: 3 })));
  #below = h("tbody", { "aria-hidden": "true" }, h("tr", {}, h("td", { colspan: 3 })));
  #heads = ["time", "process", "sentence"].map((name) => h("th", { scope: "col", "data-name": name }));
  #table = h("table", {}, h("thead", {}, h("tr", {}, ...this.#heads)), this.#above, this.#body, this.#below);
  #window = h("div", { class: "window", tabindex: 0, role: "group" }, this.#table);

  connectedCallback() {
    const title = this.querySelector("h2");
    const header = h("header", {}, ...(title ? [title] : []), this.#count, h("span", { class: "spring" }), this.#select, this.#filter);
    this.replaceChildren(header, this.#empty, this.#window);
    this.#window.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    for (const byHand of ["wheel", "touchmove", "keydown"]) {
      this.#window.addEventListener(byHand, () => (this.#follows = false), { passive: true });
    }
    new ResizeObserver(([entry]) => this.#resume(entry?.contentRect.height ?? 0)).observe(this.#window);
    new IntersectionObserver((entries) => this.#see(entries.at(-1)?.isIntersecting ?? false)).observe(this);
    this.#body.addEventListener("click", (event) => this.#press(event));
    this.#window.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {TableView} view */
  set view(view) {
    if (this.#view === null) this.#name(view.text);
    this.#view = view;
    this.#sort(view);
    this.#find(view);
    const isEmpty = view.events.length === 0;
    this.#empty.hidden = !isEmpty;
    this.#window.hidden = this.#filter.hidden = this.#select.hidden = this.#count.hidden = isEmpty;
    const [n, total] = [this.#found.length, view.events.length];
    write(this.#count, n === total ? say(view.text, "events.count", { n }) : say(view.text, "events.found", { n, total }));
    if (isEmpty) this.#at = 0;
    else this.#go(view.run.seq);
  }

  /**
   * Goes on where it could not while it was not seen: what is not in the layout cannot scroll.
   * @param {number} height
   */
  #resume(height) {
    this.#height = height;
    this.#at = 0;
    if (this.#view && this.#view.events.length > 0) this.#go(this.#view.run.seq);
  }

  /** @param {boolean} isSeen */
  #see(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen) this.#scrollTo(this.#top);
  }

  /** @param {number} seq the event to show, if the table follows */
  #go(seq) {
    if (this.#follows && seq !== this.#at) {
      const bottom = this.#placeOf(seq) * ROW + ROW;
      const height = this.#height - ROW;
      if (bottom > this.#top + height || bottom - ROW < this.#top) this.#scrollTo(Math.max(0, bottom - height));
    }
    this.#at = seq;
    this.#draw();
  }

  /**
   * The place of the last found event that is not after that one.
   * @param {number} seq
   */
  #placeOf(seq) {
    let [low, high] = [0, this.#found.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (/** @type {Event} */ (this.#found[middle]).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {number} top */
  #scrollTo(top) {
    // Before the rows are made there is nothing to be laid out first; but it must have its length already.
    const isLonger = this.#found.length !== this.#length;
    this.#top = top;
    if (this.#isSeen && !isLonger) this.#window.scrollTop = top;
    this.#draw();
    if (this.#isSeen && isLonger) this.#window.scrollTop = top;
  }

  #onScroll() {
    this.#top = this.#window.scrollTop;
    if ((this.#found.length + 1) * ROW - this.#top - this.#height < ROW) this.#follows = true;
    this.#draw();
  }

  /** @param {TextTable} text */
  #name(text) {
    write(this.#empty, say(text, "events.empty"));
    this.#filter.placeholder = say(text, "events.filter.hint");
    attribute(this.#filter, "aria-label", say(text, "events.filter"));
    attribute(this.#select, "aria-label", say(text, "events.kind"));
    for (const node of [this.#window, this.#table]) attribute(node, "aria-label", say(text, "events.title"));
    for (const head of this.#heads) write(head, say(text, `events.${head.dataset.name}`));
  }

  /**
   * Offers the kinds that there are, in their order.
   * @param {TableView} view
   */
  #sort({ events, text }) {
    if (events.length < this.#sorted) {
      this.#sorted = this.#offered = 0;
      this.#types.clear();
    }
    for (; this.#sorted < events.length; this.#sorted += 1) this.#types.add(/** @type {Event} */ (events[this.#sorted]).type);
    if (this.#types.size === this.#offered) return;
    this.#offered = this.#types.size;
    const kinds = new Set([...this.#types].map(kindOf));
    const offered = ["all", ...KINDS.filter((kind) => kinds.has(kind) || kind === this.#kind)];
    keyed(this.#select, offered, (kind) => kind, (kind) => h("option", { value: kind }, say(text, `events.kind.${kind}`)));
  }

  /** @param {TableView} view */
  #find({ events, text, latest }) {
    const wanted = { kind: this.#kind, needle: this.#needle };
    if (this.#needle === "" && this.#kind === "all") {
      this.#found = events;
      return;
    }
    const isSame = this.#seen.first === events[0] && this.#seen.length <= events.length;
    const found = isSame ? [...this.#found] : [];
    for (let place = isSame ? this.#seen.length : 0; place < events.length; place += 1) {
      const event = /** @type {Event} */ (events[place]);
      if (matches(event, wanted, text, latest)) found.push(event);
    }
    this.#found = found;
    this.#seen = { length: events.length, first: events[0] };
  }

  #search() {
    this.#needle = this.#filter.value.trim().toLowerCase();
    this.#kind = /** @type {Kind | "all"} */ (this.#select.value);
    this.#seen = { length: 0, first: undefined };
    this.#found = [];
    if (this.#view) this.view = this.#view;
  }

  #draw() {
    const view = this.#view;
    if (view === null) return;
    const first = Math.max(0, Math.floor(this.#top / ROW) - SPARE);
    const rows = this.#found.slice(first, first + Math.ceil(this.#height / ROW) + 2 * SPARE);
    this.#length = this.#found.length;
    space(this.#above, first);
    space(this.#below, this.#found.length - first - rows.length);
    attribute(this.#table, "aria-rowcount", this.#found.length + 1);
    keyed(this.#body, rows, ({ seq }) => seq, makeRow, (node, event) => updateRow(node, event, view));
    for (const [place, row] of [...this.#body.children].entries()) attribute(row, "aria-rowindex", first + place + 2);
  }

  /**
   * Arrows, Page Up and Down, Home and End go from sentence to sentence; from outside to the first in sight.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    const page = Math.max(1, Math.floor(this.#height / ROW) - 2);
    const way = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.code];
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = document.activeElement?.closest("tr[data-event]");
    const from = row instanceof HTMLElement ? this.#placeOf(Number(row.dataset.event)) : Math.ceil(this.#top / ROW) - Math.sign(way);
    event.preventDefault();
    this.#focus(Math.max(0, Math.min(this.#found.length - 1, from + way)));
  }

  /** @param {number} place among the events that are found */
  #focus(place) {
    const event = this.#found[place];
    if (!event) return;
    const [top, height] = [place * ROW, this.#height - ROW];
    if (top < this.#top) this.#scrollTo(top);
    else if (top + ROW > this.#top + height) this.#scrollTo(top + ROW - height);
    const button = this.#body.querySelector(`[data-event="${event.seq}"] .sentence`);
    if (button instanceof HTMLElement) button.focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  #press(event) {
    const row = event.target instanceof Element ? event.target.closest("tr") : null;
    if (row?.dataset.event) wish(this, "select", { kind: "event", key: Number(row.dataset.event) });
  }
}

/**
 * @param {HTMLElement} spacer
 * @param {number} rows
 */
function space(spacer, rows) {
  spacer.hidden = rows <= 0;
  const cell = spacer.querySelector("td");
  if (cell) cell.style.height = `${rows * ROW}px`;
}

/** Tab passes the table in one step; within it arrows go from sentence to sentence. */
function makeRow() {
  return h("tr", {}, h("td", { class: "mono" }), h("td", {}, h("span", { class: "chip" })), h("td", {}, h("button", { type: "button", class: "sentence", tabindex: -1 })));
}

/**
 * @param {HTMLTableRowElement} node
 * @param {Event} event
 * @param {TableView} view
 */
function updateRow(node, event, { text, run, latest, selection }) {
  attribute(node, "data-future", event.seq > run.seq);
  attribute(node, "data-now", event.seq === run.seq);
  attribute(node, "data-chosen", selection?.kind === "event" && selection.key === event.seq);
  if (node.dataset.event === String(event.seq)) return;
  node.dataset.event = String(event.seq);
  const [time, who, what] = node.cells;
  const chip = who?.firstElementChild;
  const words = what?.firstElementChild;
  if (time) write(time, seconds(event.t, 4));
  if (chip instanceof HTMLElement) {
    chip.hidden = event.pid === undefined;
    write(chip, String(event.pid ?? ""));
    chip.style.setProperty("--own", colour(event.pid === undefined ? null : processAt(latest, event.pid, event.seq)));
  }
  if (words) write(words, sentence(event, latest, text));
  attribute(node, "title", event.type);
}

customElements.define("event-table", EventTable);
