/**
 * The pass that lets the socket of a page without an origin in: the one that came with the page while it is young, then
 * fresh ones.
 *
 * A page has no origin in a sandboxed frame, and where it was opened from one.
 *
 * @import { Socket } from "../../sources/live.js"
 */

import { AdmittedSocket } from "../../sources/admitted.js";

/**
 * Where runs are made: `base` is the server's address, `pass` the one that the page came with.
 * @typedef {{ base: string, pass: string | null }} Place
 */

/** A pass is good for ten minutes; so old, in ms, it is no longer used. */
const OLD_MS = 9 * 60_000;
/** After so long, in ms, a server that says nothing is not waited for: plain files may know one that is gone. */
const PATIENCE_MS = 8000;

export class Passes {
  #place;
  #scenario;
  /** @type {{ pass: string, since: number } | null} */
  #present;

  /**
   * @param {Place} place
   * @param {string} scenario
   */
  constructor(place, scenario) {
    this.#place = place;
    this.#scenario = scenario;
    // A frame that comes back from the browser's memory has an old page in it.
    this.#present = place.pass === null ? null : { pass: place.pass, since: performance.now() };
  }

  /** @returns {Promise<string>} it is refused when the server cannot be reached */
  async take() {
    const { pass } = this.#young ?? (this.#present = await this.#ask());
    return pass;
  }

  get #young() {
    return this.#present !== null && performance.now() - this.#present.since < OLD_MS ? this.#present : null;
  }

  /** The server did not take it; it may have been started anew. */
  forget() {
    this.#present = null;
  }

  /**
   * A socket that shows the pass.
   * @param {string} lang the language the server answers in
   * @returns {Socket}
   */
  connect(lang) {
    const open = (/** @type {string} */ pass) => /** @type {any} */ (new WebSocket(this.#socketAddress(lang, pass)));
    return new AdmittedSocket({ pass: () => this.take(), refused: () => this.forget(), open });
  }

  /** @param {string} lang @param {string} pass */
  #socketAddress(lang, pass) {
    const address = new URL(`ws?lang=${lang}&pass=${pass}`, this.#base);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return address;
  }

  get #base() {
    return new URL(this.#place.base, location.href);
  }

  async #ask() {
    const since = performance.now();
    const answer = await fetch(new URL(`embed/v1/${this.#scenario}/pass`, this.#base), { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`no pass: ${answer.status}`);
    const { pass } = await answer.json();
    return { pass: String(pass), since };
  }
}
