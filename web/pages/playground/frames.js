/**
 * When the page is shown anew: what moves with each frame while a run is live or plays, and the views of words ten
 * times a second, a few in each frame, so that nothing the page shows keeps a hand waiting. Views out of sight follow
 * a little later.
 *
 * How it works: a pass over the views of words is a generator, which is left at a `yield` and goes on in the next frame;
 * while one is under way no other begins. A pass that only time asks for goes from one `yield` to the next in a frame,
 * as layout and paint take more than the script that can be measured; one that a reader waits for takes what it can.
 */

/** How often the views of words are shown anew while only time passes, in ms. */
const PAUSE_MS = 100;
/** When a frame has spent so much on a pass that a reader waits for, in ms, it begins no other view. */
const SHARE_MS = 2;
/** When the moment alone took so long, in ms, the frame has no room for words. */
const FULL_MS = 6;
/** How late the views out of sight may be, in ms. */
const LATE_MS = 1000;
/** How often a run that is still being caught up with is shown, in ms: it is there sooner if it is not painted on the way. */
const GLIMPSE_MS = 400;

/**
 * @typedef {object} Shown
 * @property {(now: number) => boolean} advance lets the time go on; whether anything moved
 * @property {() => boolean} goesOn whether time passes by itself
 * @property {() => boolean} isCatchingUp whether more of the run is arriving than has just happened
 * @property {() => void} time shows what moves with every frame
 * @property {(isWhole: boolean) => Generator<void, void, void>} words shows all else, what is out of sight only if the
 *   whole is wanted; between two views the frame may end
 */

export class Frames {
  /** @type {Shown} */
  #shown;
  #frame = 0;
  #isTimeMarked = false;
  /** Since when a run is being caught up with and not shown, in ms. @type {number | null} */
  #unseen = null;
  /** @type {"no" | "soon" | "now"} */
  #words = "no";
  /** @type {Generator<void, void, void> | null} */
  #pass = null;
  #began = -Infinity;
  /** Whether the moment alone took the last frame. */
  #isFull = false;
  /** What a frame may spend on the pass that is under way, in ms. */
  #share = 0;
  /** Whether a pass was due in the frame before. */
  #isDue = false;
  /** Whether the next pass shows what is out of sight too. */
  #isWhole = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} Until a whole pass. */
  #timer;

  /** @param {Shown} shown */
  constructor(shown) {
    this.#shown = shown;
  }

  /** Shows everything anew with the next frame. */
  all() {
    this.#isWhole = true;
    this.#words = "now";
    this.soon();
  }

  /** Shows what moves with the next frame, and the words when they are due. */
  soon() {
    if (this.#words === "no") this.#words = "soon";
    this.#isTimeMarked = true;
    this.#ask();
  }

  /** Shows everything at once, as paper waits for no frame. */
  now() {
    this.#shown.time();
    const pass = this.#shown.words(true);
    while (!pass.next().done);
  }

  #ask() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#show(now));
  }

  /** @param {number} now ms */
  #show(now) {
    this.#frame = 0;
    const { advance, goesOn, time } = this.#shown;
    const hasMoved = advance(now);
    if (this.#waits(now)) {
      this.#isTimeMarked = true;
      return this.#ask();
    }
    // Asked for first, the next frame comes before that of an element, which then need not paint for itself.
    if (goesOn()) this.#ask();
    if (hasMoved && this.#words === "no") this.#words = "soon";
    const began = performance.now();
    if (hasMoved || this.#isTimeMarked) time();
    this.#isTimeMarked = false;
    // A moment that is much to paint, as the first of a run, leaves the words to the next frame, but not twice.
    this.#isFull = !this.#isFull && performance.now() - began > FULL_MS;
    if (!this.#isFull) this.#go(now);
    if (this.#pass !== null || this.#words !== "no") this.#ask();
  }

  /** Whether this frame shows nothing, for the next ones will know much more. @param {number} now ms */
  #waits(now) {
    this.#unseen = this.#shown.isCatchingUp() ? (this.#unseen ?? now) : null;
    if (this.#unseen === null) return false;
    const isGlimpse = now - this.#unseen >= GLIMPSE_MS;
    if (isGlimpse) this.#unseen = now;
    return !isGlimpse;
  }

  /** Does this frame's share of the words. @param {number} now ms */
  #go(now) {
    const isDue = this.#words === "soon" && now - this.#began >= PAUSE_MS;
    // One frame late, so that the first after a pause has nothing to show but the moment that was asked for.
    const isReady = this.#words === "now" || (isDue && this.#isDue);
    this.#isDue = isDue;
    if (this.#pass === null && isReady) {
      this.#pass = this.#shown.words(this.#isWhole);
      this.#began = now;
      this.#share = this.#words === "now" ? SHARE_MS : 0;
      this.#words = "no";
      this.#follow();
    }
    const end = performance.now() + this.#share;
    while (this.#pass !== null) {
      if (this.#pass.next().done) this.#pass = null;
      if (performance.now() >= end) return;
    }
  }

  /** Shows also what is out of sight, when the words are due. */
  #catchUp() {
    this.#isWhole = true;
    this.soon();
  }

  /** After a pass that left out what is out of sight, a whole one follows. */
  #follow() {
    if (!this.#isWhole) this.#timer ??= setTimeout(() => this.#catchUp(), LATE_MS);
    else this.#timer = void clearTimeout(this.#timer);
    this.#isWhole = false;
  }
}
