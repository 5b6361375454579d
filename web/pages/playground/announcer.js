/** Tells screen readers how the run stands: the newest sentence, at most every two seconds, none twice. */

/** The least time between two sentences, in ms. */
const PAUSE_MS = 2000;

export class Announcer {
  /** @type {HTMLElement} */
  #place;
  #next = "";
  /** @type {ReturnType<typeof setTimeout> | null} */
  #timer = null;

  /** @param {HTMLElement} place a live region */
  constructor(place) {
    this.#place = place;
  }

  /** @param {string} sentence */
  say(sentence) {
    this.#next = sentence;
    if (this.#timer === null) this.#speak();
  }

  #speak() {
    this.#timer = null;
    if (this.#place.textContent === this.#next) return;
    this.#place.textContent = this.#next;
    this.#timer = setTimeout(() => this.#speak(), PAUSE_MS);
  }
}
