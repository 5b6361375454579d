/**
 * `<twin-stage>`: both runs one above the other on one clock, and what moves through the time of both.
 *
 * How it works: two `process-timeline`s share one camera, so a moment stands at the same place in both; a scrubber moves
 * both. Each side says by itself whether it is seen live, as it was, or at its end.
 *
 * Data down: `view`, `light`. Wishes up: those of the timelines, the tools and the scrubber; what is said of a thing of a run
 * is said with its side: `select` with {@link SideSelection}, `hover` with {@link SideThing}, `menu` with {@link SideAsked}.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Light, Pointed } from "../../model/light.js"
 * @import { Mode, Player } from "../../model/player.js"
 * @import { Pair } from "../../model/pair.js"
 * @import { Asked } from "../signal-menu.js"
 * @import { Beside } from "../timeline.js"
 * @import { Period } from "../timeline/moments.js"
 * @import { Tool } from "../timeline-tools.js"
 * @import { Selection } from "../words.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, wish, write } from "../dom.js";
import { RunScrubber } from "../run-scrubber.js";
import { ProcessTimeline } from "../timeline.js";
import { Camera } from "../timeline/camera.js";
import { TimelineTools } from "../timeline-tools.js";

/** What is selected, and on which side. @typedef {{ side: 0 | 1, selection: Selection }} SideSelection */
/** What the reader points at, and on which side. @typedef {{ side: 0 | 1, thing: Pointed | null }} SideThing */
/** For which process of which side signals are asked. @typedef {{ side: 0 | 1, asked: Asked }} SideAsked */

/**
 * @typedef {object} StageView
 * @property {TextTable} text
 * @property {Pair} pair
 * @property {readonly [string, string]} titles what each side has otherwise than the other
 * @property {readonly [string, string]} statuses how each run stands
 * @property {SideSelection} chosen
 * @property {readonly number[]} marks moments that the reader marked, in both
 * @property {Period | null} range a part of the time that the reader selected, in both
 * @property {boolean} isRanging whether dragging selects such a part
 * @property {boolean} isCopied whether the link to all that was copied just now
 */

const BADGES = /** @type {const} */ ({ empty: "none", live: "live", finished: "end", replay: "replay" });

export class TwinStage extends HTMLElement {
  #rows = [new Row("A"), new Row("B")];
  #tools = new TimelineTools();
  #scrubber = new RunScrubber();
  /** @type {Beside} */
  #beside = { camera: new Camera(), timelines: this.#rows.map(({ timeline }) => timeline) };

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(...this.#rows.map(({ element }) => element), h("div", { class: "foot" }, this.#tools, this.#scrubber));
    this.#rows.forEach(({ element }, side) => this.#say(element, side));
  }

  /** @param {StageView} view */
  set view({ text, pair, titles, statuses, chosen, marks, range, isRanging, isCopied }) {
    const { mode, time, end, isPlaying, goesOn, speed } = pair;
    attribute(this, "data-mode", mode);
    this.#tools.view = { text, more: { isRanging, isCopied } };
    this.#scrubber.view = { text, mode, time, end, isPlaying, isOver: !goesOn, speed };
    this.#rows.forEach((row, side) => row.show({
      text, player: /** @type {Player} */ (pair.players[side]), title: titles[side] ?? "", status: statuses[side] ?? "",
      selection: chosen.side === side ? chosen.selection : null, beside: this.#beside, marks, range, isRanging,
    }));
  }

  /** What belongs to the thing that the reader points at, on each side. @param {readonly [Light, Light]} lights */
  set light(lights) {
    this.#rows.forEach(({ timeline }, side) => (timeline.light = lights[side] ?? timeline.light));
  }

  /** Shows a part of the time, of both. @param {Period} period */
  show(period) {
    this.#rows[0]?.timeline.show(period);
  }

  /** Does what a button says. @param {Tool} tool */
  tool(tool) {
    this.#rows[0]?.timeline.tool(tool);
  }

  /**
   * What a timeline says of its run says nothing of its side; here it gets one.
   * @param {HTMLElement} row
   * @param {number} side
   */
  #say(row, side) {
    for (const [name, what] of /** @type {const} */ ([["select", "selection"], ["hover", "thing"], ["menu", "asked"]])) {
      row.addEventListener(name, (event) => {
        if (!(event instanceof CustomEvent)) return;
        event.stopPropagation();
        wish(this, name, { side, [what]: event.detail });
      });
    }
  }
}

/** One side: whose it is, how it is seen, and its timeline. */
class Row {
  timeline = new ProcessTimeline();
  #title = h("span", { class: "title" });
  #badge = h("span", { class: "badge" });
  #status = h("span", { class: "hint" });
  #empty = h("p", { class: "empty" });
  #letter;
  #head;
  /** @type {HTMLElement} */
  element;

  /** @param {string} letter */
  constructor(letter) {
    this.#letter = letter;
    this.#head = h("h3", {}, h("b", { class: "side" }, letter), this.#title, this.#badge, this.#status);
    this.element = h("section", { class: "run" }, this.#head, h("div", { class: "stage" }, this.timeline, this.#empty));
  }

  /** @param {{ text: TextTable, player: Player, title: string, status: string, selection: Selection, beside: Beside, marks: readonly number[], range: Period | null, isRanging: boolean }} view */
  show({ text, player, title, status, ...shown }) {
    const { mode } = player;
    for (const node of [this.element, this.#head]) attribute(node, "data-mode", mode);
    write(this.#title, title);
    attribute(this.element, "aria-label", `${this.#letter} ${title}`);
    write(this.#badge, badgeOf(text, mode));
    write(this.#status, status);
    write(this.#empty, say(text, "compare.waits"));
    this.#empty.hidden = mode !== "empty";
    this.timeline.view = { text, player, ...shown };
  }
}

/**
 * @param {TextTable} text
 * @param {Mode} mode
 */
function badgeOf(text, mode) {
  return say(text, `scrub.mode.${BADGES[mode]}`);
}

customElements.define("twin-stage", TwinStage);
