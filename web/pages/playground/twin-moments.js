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

import { Chosen } from "./chosen.js";
import { momentWords, readTwinMoment } from "./twin-address.js";

/** How long nothing must change before the address is written, in ms. */
const CALM_MS = 400;

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
  #chosen;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Comparison} comparison
   * @param {Readonly<Record<string, string>>} words of the address
   */
  constructor(comparison, words) {
    this.#comparison = comparison;
    this.#chosen = new Chosen({ ...comparison, end: () => this.#pair.end });
    this.#asked = readTwinMoment(words);
  }

  /** What the timelines show of it. */
  get view() {
    const { marks, range, isRanging, isCopied } = this.#chosen;
    return { marks, range, isRanging, isCopied };
  }

  /** The words of the address. */
  get words() {
    return momentWords(this.#asked ?? this.#moment(false));
  }

  /** What each wish does. @type {Record<string, (detail: any) => void>} */
  wishes = {
    mark: (/** @type {number} */ t) => this.#andRemember(() => this.#chosen.turnMark(t)),
    range: (/** @type {Period | null} */ range) => this.#andRemember(() => this.#chosen.select(range)),
    ranging: () => this.#andRemember(() => this.#chosen.turnRanging()),
    window: (/** @type {Period | null} */ period) => this.#andRemember(() => (this.#chosen.window = period)),
    link: () => void this.#chosen.copy(this.#link()),
  };

  /** Other runs have other moments. */
  forget() {
    this.#asked = null;
    this.#chosen.forget();
    clearTimeout(this.#timer);
  }

  /** Another run is seen as a whole at first. */
  fit() {
    this.#chosen.window = null;
  }

  /** Does what the address asks for; both runs have ended, and are on the stage. */
  answer() {
    const asked = this.#asked;
    if (asked === null) return;
    this.#asked = null;
    const { end } = this.#pair;
    const { period, time, range, marks } = asked;
    if (period && period.start < end) this.#comparison.stage.show((this.#chosen.window = period));
    else if (time !== null && time <= end) this.#pair.seekTime(time);
    if (range && range.start < end) this.#chosen.range = { start: range.start, end: Math.min(range.end, Math.round(end)) };
    this.#chosen.marks = marks.filter((mark) => mark <= end);
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
    const { window, range, marks } = this.#chosen;
    return { period: window, time: isLink && mode === "replay" ? time : null, range, marks };
  }

  /** Does what is wished; the address follows. @param {() => void} wished */
  #andRemember(wished) {
    wished();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#comparison.remember, CALM_MS);
  }

  #link() {
    this.#comparison.remember();
    const link = new URL(location.href);
    for (const [name, word] of Object.entries(momentWords(this.#moment(true)))) link.searchParams.set(name, word);
    link.search = link.search.replaceAll("%2C", ",");
    return link.href;
  }
}
