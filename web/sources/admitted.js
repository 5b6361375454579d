/**
 * A socket that shows a pass: it asks for the pass first and opens then.
 *
 * A page without an origin is let in by its pass only (see the server's `embed/admission.rs`), and a pass ends. So each
 * connection takes the present one, and one that was not let in throws it away.
 *
 * @import { Socket } from "./live.js"
 */

/**
 * @typedef {object} Gate
 * @property {() => Promise<string>} pass the present pass, or a fresh one
 * @property {() => void} refused the pass was of no use
 * @property {(pass: string) => Socket} open
 */

/** @implements {Socket} */
export class AdmittedSocket {
  /** @type {Socket["onopen"]} */
  onopen = null;
  /** @type {Socket["onclose"]} */
  onclose = null;
  /** @type {Socket["onmessage"]} */
  onmessage = null;
  /** @type {Socket | null} */
  #socket = null;
  #gate;
  #isClosed = false;
  #wasOpen = false;

  /** @param {Gate} gate */
  constructor(gate) {
    this.#gate = gate;
    gate.pass().then((pass) => this.#open(pass), () => this.#end(null));
  }

  /** @param {string} text */
  send(text) {
    this.#socket?.send(text);
  }

  close() {
    this.#isClosed = true;
    if (this.#socket) this.#socket.close();
    else this.#end(null);
  }

  /** @param {string} pass */
  #open(pass) {
    if (this.#isClosed) return;
    const socket = this.#gate.open(pass);
    this.#socket = socket;
    socket.onopen = (event) => {
      this.#wasOpen = true;
      this.onopen?.(event);
    };
    socket.onmessage = (event) => this.onmessage?.(event);
    socket.onclose = (event) => {
      if (!this.#wasOpen) this.#gate.refused();
      this.#end(event);
    };
  }

  /** @param {unknown} event */
  #end(event) {
    const { onclose } = this;
    this.onclose = null;
    onclose?.(event);
  }
}
