/**
 * Several runs, one after another, each to its end.
 *
 * How it works: one socket for the whole series, and never more than one run of it on the server: so it goes to the end
 * of the line with each run, as any visitor does, and its runs do not disturb each other. What a full server refuses is
 * asked for again when the server says so; a connection that broke is resumed by `live.js`. If the answer to a start
 * was lost with the connection the start is repeated; the run that may have begun meanwhile ends by itself, unseen.
 *
 * It knows no page and keeps no log: each is handed on and forgotten. The socket, the timer and chance are given to it.
 */

import { backoff } from "./backoff.js";
import { LiveSource } from "./live.js";
import { Refusal } from "./source.js";

/** @import { Event, Problem, Queued, Start } from "../protocol.js" */
/** @import { Surroundings } from "./live.js" */
/** @import { Status } from "./source.js" */

/** How often a run that the server lost is started. */
const TRIES = 3;

/**
 * How the run under way stands. `waiting`: the server has no place, or cannot be reached; it is asked again in so many
 * seconds.
 * @typedef {{ kind: "starting" | "running" | "offline" }
 *   | { kind: "queued", position: number, eta_s: number }
 *   | { kind: "waiting", seconds: number, message: string }} Standing
 */

/** @typedef {{ run: string, token: string, events: readonly Event[] }} Ended a run with its whole log */

/**
 * Who is told.
 * @typedef {object} Watcher
 * @property {(place: number, ended: Ended) => void} ended the run at that place has come to its end
 * @property {(standing: Standing) => void} standing
 */

export class Series {
  #watcher;
  #surroundings;
  #source;
  #isStopped = false;
  /** @type {Event[]} Of the run under way. */
  #events = [];
  /** @type {(ended: Ended | null) => void} */
  #resolve = () => {};
  /** @type {(refusal: Refusal) => void} */
  #reject = () => {};
  /** @type {(() => void) | null} Ends the present pause. */
  #wake = null;
  /** @type {unknown} */
  #timer = null;

  /**
   * @param {Watcher} watcher
   * @param {Surroundings} surroundings
   */
  constructor(watcher, surroundings) {
    this.#watcher = watcher;
    this.#surroundings = surroundings;
    const receiver = {
      events: (/** @type {readonly Event[]} */ events) => this.#onEvents(events),
      status: (/** @type {Status} */ status) => this.#onStatus(status),
      problem: (/** @type {Problem} */ problem) => this.#reject(new Refusal(problem)),
      queued: (/** @type {Queued | null} */ queued) => this.#tell(queued ? { kind: "queued", ...queued } : { kind: "running" }),
    };
    this.#source = new LiveSource(receiver, surroundings);
  }

  /**
   * Plays all runs. A series is played once.
   * @param {readonly Start[]} starts
   * @returns {Promise<boolean>} whether it came to its end; false: it was stopped
   * @throws {Refusal} what the server will never do
   */
  async play(starts) {
    try {
      for (const [place, start] of starts.entries()) {
        const ended = await this.#untilEnded(start);
        if (ended === null) return false;
        this.#watcher.ended(place, ended);
      }
      return true;
    } finally {
      if (!this.#isStopped) this.#source.close();
    }
  }

  /** Ends the series and the run that is under way. */
  stop() {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const isPausing = this.#wake !== null;
    this.#wakeUp();
    this.#resolve(null);
    if (this.#source.run !== null) this.#endRun();
    else if (isPausing) this.#source.close();
  }

  /** Tries again now instead of later: the browser says that the network is back. */
  retry() {
    this.#wakeUp();
    this.#source.retry();
  }

  /**
   * @param {Start} start
   * @returns {Promise<Ended | null>} null: it was stopped
   */
  async #untilEnded(start) {
    for (let attempt = 0; !this.#isStopped; attempt += 1) {
      try {
        return await this.#attempt(start);
      } catch (error) {
        const pause = error instanceof Refusal ? this.#pauseAfter(error.problem, attempt) : null;
        if (pause === null) throw error;
        await pause;
      }
    }
    return null;
  }

  /**
   * @param {Start} start
   * @returns {Promise<Ended | null>}
   */
  #attempt(start) {
    this.#tell({ kind: "starting" });
    this.#events = [];
    return new Promise((resolve, reject) => {
      [this.#resolve, this.#reject] = [resolve, reject];
      this.#source.start(start).then(() => this.#isStopped && this.#endRun(), (refusal) => {
        reject(refusal);
        if (this.#isStopped) this.#source.close();
      });
    });
  }

  /**
   * Waits until it is worth trying again; null where it never is.
   * @param {Problem} problem
   * @param {number} attempt 0, 1, 2 …
   * @returns {Promise<void> | null}
   */
  #pauseAfter({ code, message, retry_after_s }, attempt) {
    if (retry_after_s !== undefined) return this.#pause(retry_after_s * 1000, message);
    if (code === "connection_lost") return this.#pause(backoff(attempt, this.#surroundings.random), message);
    return code === "unknown_run" && attempt + 1 < TRIES ? this.#pause(0, message) : null;
  }

  /**
   * @param {number} ms
   * @param {string} message
   * @returns {Promise<void>}
   */
  #pause(ms, message) {
    this.#tell({ kind: "waiting", seconds: Math.ceil(ms / 1000), message });
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer = this.#surroundings.later(() => this.#wakeUp(), ms);
    });
  }

  #wakeUp() {
    if (this.#timer !== null) this.#surroundings.cancel(this.#timer);
    this.#timer = null;
    this.#wake?.();
    this.#wake = null;
  }

  /** Ends the run under way, and with it the need for a connection. */
  #endRun() {
    const close = () => this.#source.close();
    this.#source.stop().then(close, close);
  }

  /** @param {readonly Event[]} events */
  #onEvents(events) {
    this.#events.push(...events);
    if (this.#events.at(-1)?.type !== "run.finished") return;
    this.#resolve({ run: this.#source.run ?? "", token: this.#source.token ?? "", events: this.#events });
  }

  /** @param {Status} status */
  #onStatus(status) {
    if (status === "offline") this.#tell({ kind: "offline" });
    else if (status === "online" && this.#events.length > 0) this.#tell({ kind: "running" });
  }

  /** @param {Standing} standing */
  #tell(standing) {
    if (!this.#isStopped) this.#watcher.standing(standing);
  }
}
