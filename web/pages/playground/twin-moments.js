/**
 * The reader's moments in a comparison: marks, a selected part of the time, the part in view; and what the address says
 * of them, so that a link leads to the same picture: `twin.t`, `twin.range`, `twin.marks`.
 *
 * How it works: what the address asks for is done once both runs have ended, for only then it is known where they end;
 * until then the address keeps it. Afterwards the address follows the reader a little later.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { TwinStage } from "../../elements/experiments/twin-stage.js"
 * @import { Period } from "../../elements/timeline/moments.js"
 * @import { Pair } from "../../model/pair.js"
 * @import { TwinMoment } from "./twin-address.js"
 */

import { seconds } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { copyText } from "./copy.js";
import { MARKS_MAX } from "./moment-address.js";
import { momentWords, readTwinMoment } from "./twin-address.js";

/** How long nothing must change before the address is written, in ms. */
const CALM_MS = 400;
/** How long it is said that the link was copied, in ms. */
const SAID_MS = 2000;

/**
 * @typedef {object} Comparison
 * @property {TextTable} text
 * @property {TwinStage} stage
 * @property {() => Pair} pair
 * @property {() => void} remember writes the address
 * @property {() => void} changed
 * @property {(sentence: string) => void} announce
 */

export class TwinMoments {
  #comparison;
  /** @type {TwinMoment | null} What the address asks for, as long as that is not done. */
  #asked;
  /** @type {readonly number[]} */
  #marks = [];
  /** @type {Period | null} */
  #range = null;
  /** @type {Period | null} What the reader brought into view. */
  #window = null;
  #isRanging = false;
  #isCopied = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Comparison} comparison
   * @param {Readonly<Record<string, string>>} words of the address
   */
  constructor(comparison, words) {
    this.#comparison = comparison;
    this.#asked = readTwinMoment(words);
  }

  /** What the timelines show of it. */
  get view() {
    return { marks: this.#marks, range: this.#range, isRanging: this.#isRanging, isCopied: this.#isCopied };
  }

  /** The words of the address. */
  get words() {
    return momentWords(this.#asked ?? this.#moment(false));
  }

  /** What each wish does. @type {Record<string, (detail: any) => void>} */
  wishes = {
    mark: (/** @type {number} */ t) => this.#turnMark(t),
    range: (/** @type {Period | null} */ range) => this.#select(range),
    ranging: () => this.#turnRanging(),
    window: (/** @type {Period | null} */ period) => {
      this.#window = period;
      this.#rememberSoon();
    },
    link: () => void this.#copy(),
  };

  /** Other runs have other moments. */
  forget() {
    this.#asked = null;
    this.#marks = [];
    this.#range = this.#window = null;
    this.#isRanging = false;
    clearTimeout(this.#timer);
  }

  /** Another run is seen as a whole at first. */
  fit() {
    this.#window = null;
  }

  /** Does what the address asks for; both runs have ended, and are on the stage. */
  answer() {
    const asked = this.#asked;
    if (asked === null) return;
    this.#asked = null;
    const { end } = this.#pair;
    const { period, time, range, marks } = asked;
    if (period && period.start < end) this.#comparison.stage.show((this.#window = period));
    else if (time !== null && time <= end) this.#pair.seekTime(time);
    if (range && range.start < end) this.#range = { start: range.start, end: Math.min(range.end, Math.round(end)) };
    this.#marks = marks.filter((mark) => mark <= end);
    this.#comparison.changed();
  }

  get #pair() {
    return this.#comparison.pair();
  }

  /**
   * @param {boolean} isLink whether the moment one looks at belongs to it
   * @returns {TwinMoment}
   */
  #moment(isLink) {
    const { mode, time } = this.#pair;
    return { period: this.#window, time: isLink && mode === "replay" ? time : null, range: this.#range, marks: this.#marks };
  }

  #rememberSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#comparison.remember, CALM_MS);
  }

  /** @param {number} t */
  #turnMark(t) {
    const { text, announce } = this.#comparison;
    const others = this.#marks.filter((mark) => mark !== t);
    const isNew = others.length === this.#marks.length;
    if (isNew && others.length >= MARKS_MAX) return announce(say(text, "mark.full", { n: MARKS_MAX }));
    this.#marks = isNew ? [...others, t].sort((a, b) => a - b) : others;
    announce(say(text, isNew ? "mark.set" : "mark.cleared", { time: `${seconds(t, 3)} s` }));
    this.#rememberSoon();
  }

  /** @param {Period | null} range */
  #select(range) {
    this.#range = range && range.end > range.start ? range : null;
    if (range === null) this.#isRanging = false;
    this.#rememberSoon();
  }

  /** With the tool in hand a drag selects; the whole of what is in view is selected at first. */
  #turnRanging() {
    this.#isRanging = !this.#isRanging;
    const last = Math.round(this.#pair.end);
    const { start, end } = this.#window ?? { start: 0, end: last };
    this.#select(this.#isRanging ? (this.#range ?? { start: Math.round(Math.max(start, 0)), end: Math.min(Math.round(end), last) }) : null);
  }

  async #copy() {
    const { text, announce, changed, remember } = this.#comparison;
    remember();
    const link = new URL(location.href);
    for (const [name, word] of Object.entries(momentWords(this.#moment(true)))) link.searchParams.set(name, word);
    link.search = link.search.replaceAll("%2C", ",");
    this.#isCopied = await copyText(link.href);
    announce(say(text, this.#isCopied ? "timeline.link.done" : "timeline.link.failed"));
    changed();
    setTimeout(() => {
      this.#isCopied = false;
      changed();
    }, SAID_MS);
  }
}
