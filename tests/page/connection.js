/** A server's end of a socket, played by hand: what was received, and what the server says. */

export class Connection {
  /** @type {any} */
  onopen = null;
  /** @type {any} */
  onclose = null;
  /** @type {any} */
  onmessage = null;
  /** @type {any[]} */
  received = [];
  isClosed = false;

  /** @param {string} text */
  send(text) {
    this.received.push(JSON.parse(text));
  }

  close() {
    this.isClosed = true;
    this.onclose?.({});
  }

  open() {
    this.onopen({});
    return this;
  }

  break() {
    this.onclose({});
  }

  /** @param {unknown} frame */
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
    return this;
  }

  /**
   * @param {string} run
   * @param {number} first
   * @param {number} last
   * @param {string} [type] of the last
   */
  events(run, first, last, type = "line.reached") {
    const seqs = Array.from({ length: last - first + 1 }, (_, place) => first + place);
    return this.say({ run, events: seqs.map((seq) => ({ seq, t: seq, type: seq === last ? type : "line.reached" })) });
  }
}
