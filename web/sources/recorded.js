/**
 * A recorded run: its log as lines of JSON, from an address or a text.
 *
 * Of an address the lines are handed on as they arrive. A last line that is torn (the writer died in the middle of it)
 * is left out.
 */

import { Refusal } from "./source.js";

/** @import { Event, Problem } from "../protocol.js" */
/** @import { Receiver } from "./source.js" */

export class RecordedSource {
  /** @type {Receiver} */
  #receiver;
  #abort = new AbortController();

  /** @param {Receiver} receiver */
  constructor(receiver) {
    this.#receiver = receiver;
  }

  /**
   * Reads the log at an address of this server.
   * @param {string} url as `/api/runs/…/events`
   * @param {typeof fetch} load as `fetch`
   * @param {string} lost the sentence for an address that gave nothing
   * @returns {Promise<void>} when all events are there
   */
  async open(url, load, lost) {
    this.#receiver.status("connecting");
    try {
      const response = await load(url, { signal: this.#abort.signal });
      if (!response.ok || !response.body) throw new Refusal(await problemOf(response, lost));
      this.#receiver.status("online");
      await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
    } catch (error) {
      this.#onFault(error, lost);
    }
  }

  /**
   * Hands on the events of a text.
   * @param {string} text one JSON object a line
   */
  openText(text) {
    this.#receiver.events(eventsOf(text, true));
    this.#receiver.status("ended");
  }

  /** Lets go; the receiver is told nothing more. */
  close() {
    this.#abort.abort();
  }

  /** @param {ReadableStreamDefaultReader<string>} reader */
  async #read(reader) {
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      const text = rest + (value ?? "");
      const end = done ? text.length : text.lastIndexOf("\n") + 1;
      rest = text.slice(end);
      const events = eventsOf(text.slice(0, end), done);
      if (events.length > 0) this.#receiver.events(events);
      if (done) return this.#receiver.status("ended");
    }
  }

  /**
   * @param {unknown} error
   * @param {string} lost
   */
  #onFault(error, lost) {
    if (this.#abort.signal.aborted) return;
    this.#receiver.status("offline");
    this.#receiver.problem(error instanceof Refusal ? error.problem : { code: "connection_lost", message: lost });
  }
}

/**
 * @param {string} text whole lines, or the end of the log
 * @param {boolean} isEnd only then the last line may be torn
 * @returns {Event[]}
 */
function eventsOf(text, isEnd) {
  const lines = text.split("\n");
  const torn = /** @type {string} */ (lines.pop());
  const events = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  return isEnd ? events.concat(lastOf(torn)) : events;
}

/**
 * @param {string} line the last one, without a newline after it
 * @returns {Event[]} nothing when it is torn
 */
function lastOf(line) {
  try {
    return line === "" ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}

/**
 * @param {Response} response
 * @param {string} lost
 * @returns {Promise<Problem>}
 */
async function problemOf(response, lost) {
  /** @type {any} */
  const body = await response.json().catch(() => null);
  return { code: body?.code ?? "connection_lost", message: body?.detail ?? body?.message ?? body?.title ?? lost };
}
