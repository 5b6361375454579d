/**
 * Work that is spread over frames: a pass stops when its share of a frame is used up and goes on in the next, so that
 * nothing the page shows keeps a hand waiting.
 *
 * A pass is a generator; at each `yield` it may be left for now. While one is under way no other begins, and passes
 * that nobody waits for come at most so often.
 */

/** What a pass may use of a frame, in ms; layout and paint take the rest. */
const SHARE_MS = 4;

export class Turns {
  /** @type {() => Generator<void, void, void>} */
  #begin;
  /** @type {number} */
  #pause;
  /** @type {Generator<void, void, void> | null} */
  #pass = null;
  #began = -Infinity;
  /** @type {"no" | "soon" | "now"} */
  #wanted = "no";

  /**
   * @param {() => Generator<void, void, void>} begin
   * @param {number} pause the least time between the beginnings of two passes, in ms
   */
  constructor(begin, pause) {
    this.#begin = begin;
    this.#pause = pause;
  }

  /** Wants a pass with the next frame. */
  now() {
    this.#wanted = "now";
  }

  /** Wants a pass, not before the pause is over. */
  soon() {
    if (this.#wanted === "no") this.#wanted = "soon";
  }

  /** Whether there is something left to do. */
  get isPending() {
    return this.#pass !== null || this.#wanted !== "no";
  }

  /**
   * Does this frame's share.
   * @param {number} now the frame's time, in ms
   * @param {() => number} clock the time in ms
   */
  take(now, clock) {
    const isDue = this.#wanted === "now" || (this.#wanted === "soon" && now - this.#began >= this.#pause);
    if (this.#pass === null && isDue) {
      this.#pass = this.#begin();
      this.#began = now;
      this.#wanted = "no";
    }
    const end = clock() + SHARE_MS;
    while (this.#pass !== null && clock() < end) if (this.#pass.next().done) this.#pass = null;
  }
}
