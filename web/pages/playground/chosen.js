/**
 * What a reader chose of a time, of one run or of two compared: the part in view, marks, a selected part, and whether the
 * link to all that was copied just now.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Period } from "../../elements/timeline/moments.js"
 */

import { seconds } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { copyText } from "./copy.js";
import { MARKS_MAX } from "./moment-address.js";

/** How long it is said that the link was copied, in ms. */
const SAID_MS = 2000;

/**
 * @typedef {object} Around
 * @property {TextTable} text
 * @property {() => number} end of the time, µs
 * @property {(sentence: string) => void} announce
 * @property {() => void} changed
 */

export class Chosen {
  /** The part that the reader brought into view. @type {Period | null} */
  window = null;
  /** In µs, in order. @type {readonly number[]} */
  marks = [];
  /** @type {Period | null} */
  range = null;
  /** Whether a drag selects. */
  isRanging = false;
  isCopied = false;
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** Other runs have other moments. */
  forget() {
    this.marks = [];
    this.range = this.window = null;
    this.isRanging = false;
  }

  /** @param {number} t */
  turnMark(t) {
    const { text, announce } = this.#around;
    const others = this.marks.filter((mark) => mark !== t);
    const isNew = others.length === this.marks.length;
    if (isNew && others.length >= MARKS_MAX) return announce(say(text, "mark.full", { n: MARKS_MAX }));
    this.marks = isNew ? [...others, t].sort((a, b) => a - b) : others;
    announce(say(text, isNew ? "mark.set" : "mark.cleared", { time: `${seconds(t, 3)} s` }));
  }

  /** @param {Period | null} range */
  select(range) {
    this.range = range && range.end > range.start ? range : null;
    if (range === null) this.isRanging = false;
  }

  /** With the tool in hand a drag selects; the whole of what is in view is selected at first. */
  turnRanging() {
    this.isRanging = !this.isRanging;
    const last = this.#around.end();
    const { start, end } = this.window ?? { start: 0, end: last };
    const inView = { start: Math.round(Math.max(start, 0)), end: Math.round(Math.min(end, last)) };
    this.select(this.isRanging ? (this.range ?? inView) : null);
  }

  /** @param {string} link */
  async copy(link) {
    const { text, announce, changed } = this.#around;
    this.isCopied = await copyText(link);
    announce(say(text, this.isCopied ? "timeline.link.done" : "timeline.link.failed"));
    changed();
    setTimeout(() => {
      this.isCopied = false;
      changed();
    }, SAID_MS);
  }
}
