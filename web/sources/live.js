/**
 * A run on the server, over one WebSocket.
 *
 * How it works: requests carry an `id` and wait for the answer with the same; what is asked before the socket is open
 * waits in an outbox. Events are handed on in the order of their `seq`, each once. When the socket breaks while a run
 * is followed, another one is tried (see `backoff.js`) and asks for what comes after the last event; a gap is asked for
 * in the same way. The socket opens with the first request, so that it greets the server at once.
 *
 * It knows no page: the socket, the timer and chance are given to it.
 */

import { backoff } from "./backoff.js";
import { Refusal } from "./source.js";

/** @import { Done, Event, Frame, Problem, Request, Start, VisitorSignal } from "../protocol.js" */
/** @import { Receiver } from "./source.js" */

/**
 * What is used of a `WebSocket`.
 * @typedef {object} Socket
 * @property {((event: any) => void) | null} onopen
 * @property {((event: any) => void) | null} onclose
 * @property {((event: { data: any }) => void) | null} onmessage
 * @property {(text: string) => void} send
 * @property {() => void} close
 */

/**
 * @typedef {object} Surroundings
 * @property {() => Socket} connect opens a socket to the server
 * @property {(act: () => void, ms: number) => unknown} later as `setTimeout`
 * @property {(timer: any) => void} cancel as `clearTimeout`
 * @property {() => number} random as `Math.random`
 * @property {string} lost the sentence for a request whose answer was lost with the connection
 */

/**
 * A request without its id; the types of all ops.
 * @typedef {Request extends infer R ? (R extends any ? Omit<R, "id"> : never) : never} Op
 */

/** @typedef {{ resolve: (done: Done) => void, reject: (refusal: Refusal) => void }} Pending */

export class LiveSource {
  /** @type {Receiver} */
  #receiver;
  /** @type {Surroundings} */
  #surroundings;
  /** @type {Socket | null} */
  #socket = null;
  #isOpen = false;
  #isClosed = false;
  #attempt = 0;
  /** @type {unknown} */
  #timer = null;
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** @type {string[]} */
  #outbox = [];
  /** @type {string | null} The run that is followed. */
  #run = null;
  /** @type {string | null} */
  #token = null;
  #lastSeq = 0;
  #isFinished = false;
  #isStarting = false;
  /** @type {(Frame & { run: string })[]} Frames of a run whose start was not yet answered. */
  #early = [];

  /**
   * @param {Receiver} receiver
   * @param {Surroundings} surroundings
   */
  constructor(receiver, surroundings) {
    this.#receiver = receiver;
    this.#surroundings = surroundings;
  }

  /** The run that is followed. */
  get run() {
    return this.#run;
  }

  /** The token of one's own run. */
  get token() {
    return this.#token;
  }

  /** The `seq` of the last event that was handed on. */
  get lastSeq() {
    return this.#lastSeq;
  }

  /**
   * Starts a run and follows it from its first event.
   * @param {Start} start
   * @returns {Promise<Done>} the run and its token
   * @throws {Refusal} bad parameters, too much work, connection lost
   */
  async start(start) {
    this.#leave();
    this.#isStarting = true;
    try {
      const done = await this.#ask({ op: "start", ...start });
      this.#join(done.run, done.token ?? null, 0);
      return done;
    } finally {
      this.#isStarting = false;
      this.#takeEarly();
    }
  }

  /**
   * Follows a run: one's own after a reload, or another's.
   * @param {string} run
   * @param {{ after?: number, token?: string | null }} [options] `after`: the last event one has
   */
  follow(run, { after = 0, token = null } = {}) {
    if (run !== this.#run) this.#leave();
    this.#join(run, token, after);
    this.#sendFollow();
    this.#ensureSocket();
  }

  /**
   * Sends a signal to a process of one's own run.
   * @param {number} pid
   * @param {VisitorSignal} signal
   * @returns {Promise<Done>}
   */
  signal(pid, signal) {
    return this.#ask({ op: "signal", run: this.#run ?? "", token: this.#token ?? "", pid, signal });
  }

  /**
   * Ends one's own run; its last event tells when that is done.
   * @returns {Promise<Done>}
   */
  stop() {
    return this.#ask({ op: "stop", run: this.#run ?? "", token: this.#token ?? "" });
  }

  /** Tries again now instead of later: the browser says that the network is back. */
  retry() {
    if (this.#timer === null) return;
    this.#forgetTimer();
    this.#ensureSocket();
  }

  /** Lets go of the run and the connection; the receiver is told nothing more. */
  close() {
    this.#isClosed = true;
    this.#forgetTimer();
    this.#socket?.close();
    this.#failPending();
  }

  /**
   * @param {Op} op
   * @returns {Promise<Done>}
   */
  #ask(op) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send(JSON.stringify({ id, ...op }));
      this.#ensureSocket();
    });
  }

  /** @param {string} text */
  #send(text) {
    if (this.#isOpen) this.#socket?.send(text);
    else this.#outbox.push(text);
  }

  /**
   * @param {string} run
   * @param {string | null} token
   * @param {number} after
   */
  #join(run, token, after) {
    this.#run = run;
    this.#token = token;
    this.#lastSeq = after;
    this.#isFinished = false;
  }

  #leave() {
    if (this.#run !== null && this.#isOpen && !this.#isFinished) {
      this.#tell({ op: "unfollow", run: this.#run });
    }
    this.#run = null;
    this.#token = null;
    this.#lastSeq = 0;
  }

  /** Asks for what comes after the last event; on a socket that is not open yet this is done when it opens. */
  #sendFollow() {
    if (this.#isOpen && this.#run !== null) this.#tell({ op: "follow", run: this.#run, after: this.#lastSeq });
  }

  /**
   * A request whose good answer nobody waits for; a bad one is a problem for the reader.
   * @param {Op} op
   */
  #tell(op) {
    this.#ask(op).catch((refusal) => this.#onRefusal(op, refusal));
  }

  /**
   * @param {Op} op
   * @param {Refusal} refusal
   */
  #onRefusal(op, { problem }) {
    if (this.#isClosed || problem.code === LOST || op.op === "unfollow") return;
    if (op.op === "follow" && op.run === this.#run) this.#isFinished = true;
    this.#receiver.problem(problem);
  }

  get #hasWork() {
    return this.#outbox.length > 0 || (this.#run !== null && !this.#isFinished);
  }

  #ensureSocket() {
    if (this.#isClosed || this.#socket !== null || this.#timer !== null) return;
    if (this.#attempt === 0) this.#receiver.status("connecting");
    const socket = this.#surroundings.connect();
    this.#socket = socket;
    socket.onopen = () => this.#onOpen();
    socket.onmessage = ({ data }) => this.#onMessage(String(data));
    socket.onclose = () => this.#onClose();
  }

  #onOpen() {
    this.#isOpen = true;
    this.#attempt = 0;
    this.#receiver.status("online");
    for (const text of this.#outbox.splice(0)) this.#socket?.send(text);
    if (!this.#isFinished) this.#sendFollow();
  }

  #onClose() {
    this.#socket = null;
    this.#isOpen = false;
    this.#failPending();
    if (this.#isClosed) return;
    if (!this.#hasWork) return this.#receiver.status(this.#isFinished ? "ended" : "idle");
    this.#receiver.status("offline");
    const wait = backoff(this.#attempt, this.#surroundings.random);
    this.#attempt += 1;
    this.#timer = this.#surroundings.later(() => this.retry(), wait);
  }

  #forgetTimer() {
    if (this.#timer !== null) this.#surroundings.cancel(this.#timer);
    this.#timer = null;
  }

  /** The answers to what was sent will not come; what waits in the outbox will be sent. */
  #failPending() {
    const unsent = new Set(this.#outbox.map((text) => /** @type {Request} */ (JSON.parse(text)).id));
    for (const [id, { reject }] of [...this.#pending]) {
      if (unsent.has(id) && !this.#isClosed) continue;
      this.#pending.delete(id);
      reject(new Refusal({ code: LOST, message: this.#surroundings.lost }));
    }
  }

  /** @param {string} data */
  #onMessage(data) {
    if (this.#isClosed) return;
    const frame = /** @type {Frame} */ (JSON.parse(data));
    if ("ok" in frame) this.#settle(frame.id)?.resolve(frame.ok);
    else if ("error" in frame) this.#onError(frame.id, frame.error);
    else if (frame.run === this.#run) this.#onRun(frame);
    else if (this.#isStarting) this.#early.push(frame);
  }

  /**
   * @param {number | undefined} id
   * @param {Problem} problem
   */
  #onError(id, problem) {
    const pending = this.#settle(id);
    if (pending) pending.reject(new Refusal(problem));
    else this.#receiver.problem(problem);
  }

  /** @param {number | undefined} id */
  #settle(id) {
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id !== undefined) this.#pending.delete(id);
    return pending;
  }

  #takeEarly() {
    for (const frame of this.#early.splice(0)) if (frame.run === this.#run) this.#onRun(frame);
  }

  /** @param {Frame & { run: string }} frame */
  #onRun(frame) {
    if ("queued" in frame) this.#receiver.queued?.(frame.queued);
    else if ("kept" in frame) this.#receiver.kept?.(frame.kept);
    else if ("events" in frame) this.#onEvents(frame.events);
  }

  /** @param {readonly Event[]} events */
  #onEvents(events) {
    const fresh = events.filter((event) => event.seq > this.#lastSeq);
    const [first] = fresh;
    if (first === undefined) return;
    if (first.seq > this.#lastSeq + 1) return this.#sendFollow();
    if (this.#lastSeq === 0) this.#receiver.queued?.(null);
    this.#lastSeq += fresh.length;
    this.#isFinished = fresh.at(-1)?.type === "run.finished";
    this.#receiver.events(fresh);
    if (this.#isFinished) this.#receiver.status("ended");
  }
}

/** The code of a request whose answer was lost with the connection. */
const LOST = "connection_lost";
