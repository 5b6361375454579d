/**
 * Which part of the run's time is in view, and how it moves.
 *
 * How it works: the view glides towards a wanted one. In `fit` the whole run is wanted: while it goes on, a round span
 * that the run grows into (so bars grow and nothing else moves), at its end exactly the run. In `follow` the newest
 * moment stays near the right edge at the span the reader chose. In `free` nothing moves but by the reader.
 * It knows neither canvas nor clock.
 */

/** @typedef {{ from: number, span: number }} Range µs */
/**
 * @typedef {object} Known
 * @property {number} end the newest moment, µs
 * @property {boolean} goesOn
 * @property {number} room part of the width that is kept free at the right
 */

/** Spans a growing run fills one after the other, in seconds. */
const STEPS = [0.5, 1, 1.5, 2.5, 4, 6, 10, 15, 25, 40, 60, 100, 160, 250];
const LEAST_SPAN = 50;
const MOST_SPAN = 600e6;
/** How far the newest moment may come before the next span is taken, and where it stays while followed. */
const FULL = 0.93;
/** What is seen before the first moment, so that its marks are whole. */
const BEFORE = 0.008;
/** The part of the way that is left after a second of gliding: e⁻¹⁴. */
const PACE = 14;

export class Camera {
  /** @type {"fit" | "follow" | "free"} */
  mode = "fit";
  /** @type {Range} */
  range = { from: 0, span: 1e6 };
  /** @type {Range} */
  #wanted = { from: 0, span: 1e6 };

  /**
   * Goes on to a frame.
   * @param {number} elapsed seconds since the last frame
   * @param {Known} known
   * @param {boolean} isStill no gliding: at once
   * @returns {boolean} whether it is still gliding
   */
  advance(elapsed, known, isStill) {
    if (this.mode === "fit") this.#wanted = wholeRun(known);
    if (this.mode === "follow") this.#wanted.from = known.end - this.#wanted.span * FULL;
    const part = isStill ? 1 : 1 - Math.exp(-PACE * elapsed);
    const from = this.range.from + (this.#wanted.from - this.range.from) * part;
    const span = this.range.span + (this.#wanted.span - this.range.span) * part;
    const isThere = near(from, this.#wanted.from, span) && near(span, this.#wanted.span, span);
    this.range = isThere ? { ...this.#wanted } : { from, span };
    return !isThere;
  }

  /** The whole run, from now on. */
  fit() {
    this.mode = "fit";
  }

  /**
   * A part of the run.
   * @param {Range} range
   */
  show(range) {
    this.mode = "free";
    this.#wanted = held(range);
  }

  /**
   * Brings a part of the run into the middle; when it is there already, as large as fits.
   * @param {{ start: number, end: number }} part
   */
  focus({ start, end }) {
    const { from, span } = this.range;
    const middle = (start + end) / 2;
    const isCentred = Math.abs(from + span / 2 - middle) < span / 100;
    const wanted = isCentred ? Math.max((end - start) * 1.3, 1000) : span;
    this.show({ from: middle - wanted / 2, span: wanted });
  }

  /**
   * @param {number} factor more than 1: closer
   * @param {number} t the moment that stays where it is
   * @param {Known} known
   */
  zoom(factor, t, known) {
    const isAtEdge = known.goesOn && this.mode !== "free" && this.#shows(known.end);
    const { from, span } = this.#wanted;
    const next = Math.min(Math.max(span / factor, LEAST_SPAN), MOST_SPAN);
    this.#wanted = held({ from: t - ((t - from) / span) * next, span: next });
    this.mode = isAtEdge ? "follow" : "free";
  }

  /**
   * @param {number} part of the width; more than 0: later
   * @param {Known} known
   */
  pan(part, known) {
    const { from, span } = this.#wanted;
    const most = known.end - span * 0.1;
    const least = Math.min(-span * 0.9, most);
    this.#wanted = { from: Math.min(Math.max(from + part * span, least), most), span };
    this.mode = "free";
  }

  /**
   * Brings a part of the run into view, at the span there is.
   * @param {number} start
   * @param {number} end
   */
  reveal(start, end) {
    if (this.#shows(start) || this.#shows(end)) return;
    const { from, span } = this.#wanted;
    if (start < from && end > from + span) return;
    this.show({ from: start - span * 0.3, span });
  }

  /** Where it is gliding to. @returns {Range} */
  get wanted() {
    return this.#wanted;
  }

  /**
   * Brings a moment to the left edge, at the span there is.
   * @param {number} from
   * @param {Known} known
   */
  slide(from, known) {
    this.pan((from - this.#wanted.from) / this.#wanted.span, known);
    this.settle();
  }

  /** Ends gliding where it was going: a finger holds it. */
  settle() {
    this.range = { ...this.#wanted };
  }

  /** @param {number} t */
  #shows(t) {
    return t >= this.#wanted.from && t <= this.#wanted.from + this.#wanted.span;
  }
}

/**
 * @param {Known} known
 * @returns {Range}
 */
function wholeRun({ end, goesOn, room }) {
  const steps = STEPS.map((step) => step * 1e6);
  const grown = steps.find((step) => end < step * FULL) ?? end * 1.2;
  const span = goesOn ? grown : Math.max(end, LEAST_SPAN) / (1 - room);
  return { from: -span * BEFORE, span };
}

/**
 * @param {Range} range
 * @returns {Range}
 */
function held({ from, span }) {
  return { from, span: Math.min(Math.max(span, LEAST_SPAN), MOST_SPAN) };
}

/**
 * @param {number} value
 * @param {number} wanted
 * @param {number} span
 */
function near(value, wanted, span) {
  return Math.abs(value - wanted) < span / 5000;
}

/**
 * Round moments to write along the axis, about one each 90 pixels.
 * @param {Range} range
 * @param {number} width pixels
 * @returns {{ step: number, first: number }} µs
 */
export function ticks({ from, span }, width) {
  const rough = (span / Math.max(width, 1)) * 90;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = /** @type {number} */ ([1, 2, 5, 10].find((digit) => digit * power >= rough)) * power;
  return { step, first: Math.ceil(Math.max(from, 0) / step) * step };
}
