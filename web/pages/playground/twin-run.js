/**
 * Two runs of one reader: one after the other or together, and the pair that holds both on one clock.
 *
 * How it works: each side is a session of its own, with a socket of its own, made anew for each pair of runs. In turns
 * B is started when A has ended, however it ended; if A never began, B does not either.
 *
 * @import { Start } from "../../protocol.js"
 */

import { Pair } from "../../model/pair.js";
import { Player } from "../../model/player.js";
import { Session } from "./session.js";

/** @typedef {"turns" | "together"} Order */

export class TwinRun {
  pair = new Pair([new Player(), new Player()]);
  /** @type {readonly [Session, Session] | null} A and B */
  sessions = null;
  #setting;
  /** B's start while it waits for A to end. @type {Start | null} */
  #next = null;

  /** @param {{ lang: string, lost: string, changed: () => void }} setting as a session's */
  constructor(setting) {
    this.#setting = setting;
  }

  /** Whether a run is under way, or waits for its turn. */
  get isBusy() {
    return this.#next !== null || this.busy.some(Boolean);
  }

  /** Which sides are under way. */
  get busy() {
    return (this.sessions ?? []).map((session) => session.isBusy);
  }

  /** The two runs, once both have begun. @returns {readonly [string, string] | null} */
  get runs() {
    const [a, b] = (this.sessions ?? []).map(({ run }) => run);
    return a && b ? [a, b] : null;
  }

  /** Whether both have ended. */
  get isOver() {
    return this.sessions !== null && this.sessions.every(({ player }) => player.latest.finish !== null);
  }

  /**
   * @param {readonly [Start, Start]} starts
   * @param {Order} order
   */
  start([a, b], order) {
    const sessions = this.#renew();
    this.#next = order === "turns" ? b : null;
    void sessions[0].start(a);
    if (order === "together") void sessions[1].start(b);
    this.#meet(sessions);
  }

  /**
   * Looks at two runs that exist.
   * @param {readonly [string, string]} runs
   */
  follow([a, b]) {
    const sessions = this.#renew();
    sessions[0].follow(a);
    sessions[1].follow(b);
    this.#meet(sessions);
  }

  /** Ends what is under way; in turns that is A, and then B's turn comes. */
  stop() {
    for (const session of this.sessions ?? []) void session.stop();
  }

  #renew() {
    this.sessions?.forEach((session) => session.close());
    const make = () => new Session({ ...this.#setting, changed: () => this.#onSession() });
    const sessions = /** @type {const} */ ([make(), make()]);
    this.sessions = sessions;
    this.pair = new Pair([sessions[0].player, sessions[1].player]);
    return sessions;
  }

  /** A session has another player for each run. @param {readonly [Session, Session]} sessions */
  #meet([a, b]) {
    this.pair.players = [a.player, b.player];
  }

  #onSession() {
    const { sessions } = this;
    if (sessions !== null) this.#takeTurn(sessions);
    this.#setting.changed();
  }

  /** @param {readonly [Session, Session]} sessions */
  #takeTurn(sessions) {
    const [{ phase }, second] = sessions;
    const next = this.#next;
    if (next === null) return;
    if (phase.kind === "refused" || phase.kind === "gone") this.#next = null;
    if (phase.kind !== "finished") return;
    this.#next = null;
    void second.start(next);
    this.#meet(sessions);
  }
}
