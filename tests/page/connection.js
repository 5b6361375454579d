/** A server's end of sockets, played by hand: what was received, what the server says, and time that passes when told. */

import assert from "node:assert/strict";

/** What a source needs of the world around it: sockets to a server made by hand, and timers that nobody but the test fires. */
export class Stage {
  /** @type {Connection[]} */
  connections = [];
  /** @type {{ act: () => void, ms: number }[]} */
  timers = [];
  /** @type {string[]} */
  told = [];

  world = {
    connect: () => {
      const connection = new Connection();
      this.connections.push(connection);
      return connection;
    },
    later: (/** @type {() => void} */ act, /** @type {number} */ ms) => this.timers.push({ act, ms }),
    cancel: (/** @type {number} */ timer) => this.timers.splice(timer - 1, 1),
    random: () => 0.5,
    lost: "The connection was lost.",
  };

  /** The newest socket. */
  get latest() {
    const connection = this.connections.at(-1);
    assert.ok(connection, "a socket was opened");
    return connection;
  }

  /** Lets the time of the newest timer come. */
  fireTimer() {
    const timer = this.timers.pop();
    assert.ok(timer, "a timer was set");
    timer.act();
    return timer.ms;
  }
}

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
