/**
 * Two runs on one clock: one moment that both are looked at.
 *
 * How it works: each run has a player of its own, whose time 0 is where its run began; the pair holds one time and lets
 * both look at it. While a run goes on, the time is its newest moment: the run that has ended already is seen at the
 * same moment beside it, as it was then; of two that go on, each is seen live. A run that was shorter stands at its end.
 * Looking back, playing and coming back to the newest moment are the player's, for both.
 *
 * It has no clock and no timer, as the players have none.
 */

/** @import { Mode, Player } from "./player.js" */

export class Pair {
  /** @type {readonly [Player, Player]} */
  players;
  speed = 1;
  #time = 0;
  #isFollowing = true;
  #isPlaying = false;
  /** @type {number | null} The clock's reading at the last frame, in ms. */
  #frame = null;

  /** @param {readonly [Player, Player]} players */
  constructor(players) {
    this.players = players;
  }

  /** The moment that both are looked at, in µs of either run. */
  get time() {
    return this.#time;
  }

  /** The end of the longer one, as far as it is known, in µs. */
  get end() {
    return Math.max(...this.players.map(({ end }) => end));
  }

  /** Whether one of those that began still goes on. */
  get goesOn() {
    return this.players.some(isLive);
  }

  get isPlaying() {
    return this.#isPlaying;
  }

  /** @returns {Mode} of the pair; each player says its own */
  get mode() {
    if (this.players.every(({ mode }) => mode === "empty")) return "empty";
    if (!this.#isFollowing) return "replay";
    return this.goesOn ? "live" : "finished";
  }

  /**
   * Lets the time go on to a frame.
   * @param {number} now the clock in ms
   * @returns {boolean} whether anything changed that a view shows
   */
  advance(now) {
    const elapsed = this.#frame === null ? 0 : Math.max(0, now - this.#frame) * 1000;
    this.#frame = now;
    const before = this.#time + this.end;
    for (const player of this.players) player.advance(now);
    if (this.#isFollowing) this.#toEdge();
    else if (this.#isPlaying) this.#play(elapsed * this.speed);
    return this.#time + this.end !== before;
  }

  /** @param {number} t µs, held within what is known */
  seekTime(t) {
    this.#isFollowing = false;
    this.#lookAt(Math.min(Math.max(0, t), this.end));
  }

  /**
   * Goes to the next or former event of either run.
   * @param {number} count negative: back
   */
  step(count) {
    this.#isPlaying = false;
    const moments = this.players.map((player) => nextMoment(player, this.#time, count)).filter((t) => t !== null);
    if (moments.length > 0) this.seekTime(count > 0 ? Math.min(...moments) : Math.max(...moments));
  }

  /** Back to the newest moment. */
  follow() {
    this.#isPlaying = false;
    this.#isFollowing = true;
    this.#toEdge();
  }

  /** Lets the time go on; from the start when it stands at the end. */
  play() {
    if (this.#isFollowing || this.#time >= this.end) this.seekTime(0);
    this.#isPlaying = true;
  }

  /** Holds the time. */
  pause() {
    this.#isPlaying = false;
    if (this.#isFollowing) this.seekTime(this.#time);
  }

  /** While one goes on, its newest moment, and the other as it was then; else both at their ends. */
  #toEdge() {
    const live = this.players.filter(isLive);
    this.#time = Math.max(0, ...(live.length > 0 ? live : this.players).map(({ end }) => end));
    for (const player of this.players) show(player, live.length > 0 && !isLive(player) ? this.#time : null);
  }

  /** @param {number} elapsed µs of the run */
  #play(elapsed) {
    this.#lookAt(Math.min(this.#time + elapsed, this.end));
    if (this.#time >= this.end) this.follow();
  }

  /** @param {number} t */
  #lookAt(t) {
    this.#time = t;
    for (const player of this.players) show(player, t);
  }
}

/** @param {Player} player */
function isLive({ goesOn, events }) {
  return goesOn && events.length > 0;
}

/**
 * @param {Player} player
 * @param {number | null} t null: its newest moment, as is any that it has not come to
 */
function show(player, t) {
  if (player.events.length === 0) return;
  if (t !== null && t < player.end) player.seekTime(t);
  else if (!player.isFollowing) player.follow();
}

/**
 * The nearest moment after or before another at which something happened.
 * @param {Player} player
 * @param {number} time µs
 * @param {number} way more than 0: after
 * @returns {number | null}
 */
function nextMoment({ events }, time, way) {
  const found = way > 0 ? events.find(({ t }) => t > time) : events.findLast(({ t }) => t < time);
  return found?.t ?? null;
}
