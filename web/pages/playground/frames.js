/**
 * When the page is shown anew: what moves with each frame while a run is live or plays, and the views of words ten
 * times a second, a few in each frame, so that nothing the page shows keeps a hand waiting.
 *
 * How it works: a pass over the views of words is a generator. When its share of a frame is used up it is left at the
 * next `yield` and goes on in the next frame; while one is under way no other begins.
 */

/** How often the views of words are shown anew while only time passes, in ms. */
const PAUSE_MS = 100;
/** What a pass may use of a frame, in ms; layout and paint take the rest. */
const SHARE_MS = 4;

/**
 * @typedef {object} Shown
 * @property {(now: number) => boolean} advance lets the time go on; whether anything moved
 * @property {() => boolean} goesOn whether time passes by itself
 * @property {() => void} time shows what moves with every frame
 * @property {() => Generator<void, void, void>} words shows all else; between two views the frame may end
 */

export class Frames {
  /** @type {Shown} */
  #shown;
  #frame = 0;
  #isTimeMarked = false;
  /** @type {"no" | "soon" | "now"} */
  #words = "no";
  /** @type {Generator<void, void, void> | null} */
  #pass = null;
  #began = -Infinity;
  /** Whether a pass was due in the frame before. */
  #isDue = false;

  /** @param {Shown} shown */
  constructor(shown) {
    this.#shown = shown;
  }

  /** Shows everything anew with the next frame. */
  all() {
    this.#words = "now";
    this.soon();
  }

  /** Shows what moves with the next frame, and the words when they are due. */
  soon() {
    if (this.#words === "no") this.#words = "soon";
    this.#isTimeMarked = true;
    this.#ask();
  }

  #ask() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#show(now));
  }

  /** @param {number} now ms */
  #show(now) {
    this.#frame = 0;
    const { advance, goesOn, time } = this.#shown;
    const hasMoved = advance(now);
    // Asked for first, the next frame comes before that of an element, which then need not paint for itself.
    if (goesOn()) this.#ask();
    if (hasMoved && this.#words === "no") this.#words = "soon";
    if (hasMoved || this.#isTimeMarked) time();
    this.#isTimeMarked = false;
    this.#go(now);
    if (this.#pass !== null || this.#words !== "no") this.#ask();
  }

  /** Does this frame's share of the words. @param {number} now ms */
  #go(now) {
    const isDue = this.#words === "soon" && now - this.#began >= PAUSE_MS;
    // One frame late, so that the first after a pause has nothing to show but the moment that was asked for.
    const isReady = this.#words === "now" || (isDue && this.#isDue);
    this.#isDue = isDue;
    if (this.#pass === null && isReady) {
      this.#pass = this.#shown.words();
      this.#began = now;
      this.#words = "no";
    }
    const end = performance.now() + SHARE_MS;
    while (this.#pass !== null && performance.now() < end) if (this.#pass.next().done) this.#pass = null;
  }
}
