/**
 * The position in a run: all its events, and the state at the place one looks at.
 *
 * How it works: the player folds each event once as it arrives and keeps the state after every 128th (states share what
 * they have in common), so any place is at most 127 events from a kept one. One either follows the newest event or
 * stands at a place of the past; the two are never confused, and events go on arriving meanwhile.
 *
 * It has no clock and no timer: whoever owns it calls {@link Player.advance} with the time of each frame.
 */

import { applyEvents } from "./run.js";
import { EMPTY_RUN } from "./state.js";

/** @import { Event } from "../protocol.js" */
/** @import { Run } from "./state.js" */

/** How many events lie between two kept states. */
const STRIDE = 128;
/** When more than so much of the run arrives in a frame beyond what the frame took, in µs, it is being caught up with. */
const LEAP = 10_000;
/** The same of the first frame, before which a run may just have begun. */
const FIRST_LEAP = 50_000;

/**
 * What one sees. `empty`: no event yet; `live`: the newest event of a run that goes on; `finished`: the end of a run
 * that one followed; `replay`: a place of the past, or anything of a recorded run.
 * @typedef {"empty" | "live" | "finished" | "replay"} Mode
 */

export class Player {
  /** @type {Event[]} All events so far, event `seq` at place `seq - 1`. */
  #events = [];
  /** @type {Run[]} The state after each 128th event; the first is the empty run. */
  #kept = [EMPTY_RUN];
  /** @type {Run} */
  #latest = EMPTY_RUN;
  /** @type {Run} */
  #run = EMPTY_RUN;
  /** @type {boolean} */
  #isRecorded;
  #isFollowing = true;
  #isPlaying = false;
  #time = 0;
  #edge = 0;
  #speed = 1;
  /** @type {number | null} The clock's reading, in µs, at the run's time 0: the least seen, as events arrive late. */
  #zero = null;
  /** @type {number | null} The clock's reading at the last frame, in ms. */
  #frame = null;
  /** What `#zero` was at the last frame. @type {number | null} */
  #frameZero = null;
  #isCatchingUp = false;

  /**
   * @param {{ recorded?: boolean }} [options] a recorded run is seen from its start and is never live
   */
  constructor({ recorded = false } = {}) {
    this.#isRecorded = recorded;
    this.#isFollowing = !recorded;
  }

  /** All events that have arrived, in order. @returns {readonly Event[]} */
  get events() {
    return this.#events;
  }

  /** The state after all events that have arrived. @returns {Run} */
  get latest() {
    return this.#latest;
  }

  /** The state at the place one looks at. @returns {Run} */
  get run() {
    return this.#run;
  }

  /**
   * The state at a time of the run, wherever one looks.
   * @param {number} t µs
   * @returns {Run}
   */
  at(t) {
    return this.#stateAt(this.#countUntil(t));
  }

  /** The time one looks at, in µs of the run; while live it goes on between events. */
  get time() {
    return this.#time;
  }

  /** The end of what is known, in µs of the run; while live it goes on between events. */
  get end() {
    return this.#edge;
  }

  /** @returns {Mode} */
  get mode() {
    if (this.#events.length === 0) return "empty";
    if (!this.#isFollowing || this.#isRecorded) return "replay";
    return this.#latest.finish ? "finished" : "live";
  }

  /** Whether more events may come: the run is not recorded and has not ended. */
  get goesOn() {
    return !this.#isRecorded && this.#latest.finish === null;
  }

  /** Whether what has long happened is still arriving, as at the last frame: a run that one joins late, or opens when it is over. */
  get isCatchingUp() {
    return this.#isCatchingUp && this.goesOn;
  }

  /** Whether the newest event is shown as it comes. */
  get isFollowing() {
    return this.#isFollowing;
  }

  /** Whether the time goes on by itself in a replay. */
  get isPlaying() {
    return this.#isPlaying;
  }

  /** Seconds of the run for each second of a replay. */
  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    if (!(speed > 0)) throw new RangeError(`a speed is more than 0, not ${speed}`);
    this.#speed = speed;
  }

  /**
   * Takes the next events of the log. What is already there is left out; a gap is a mistake of the source.
   * @param {readonly Event[]} events in order
   * @param {number} now the clock in ms, as `performance.now()`
   */
  append(events, now) {
    const fresh = events.filter(({ seq }) => seq > this.#events.length);
    for (let place = 0; place < fresh.length; ) {
      const part = fresh.slice(place, place + STRIDE - (this.#events.length % STRIDE));
      this.#take(part);
      place += part.length;
    }
    this.#setClock(now);
    this.#moveEdge(now);
    if (this.#isFollowing) this.#toEdge();
  }

  /**
   * Lets the time go on to a frame.
   * @param {number} now the clock in ms, as `performance.now()`
   * @returns {boolean} whether anything changed that a view shows
   */
  advance(now) {
    const elapsed = this.#frame === null ? 0 : Math.max(0, now - this.#frame) * 1000;
    this.#frame = now;
    const before = this.#time + this.#edge;
    const leap = (this.#frameZero ?? now * 1000) - (this.#zero ?? Infinity);
    this.#isCatchingUp = leap > (this.#frameZero === null ? FIRST_LEAP : LEAP);
    this.#frameZero = this.#zero;
    this.#moveEdge(now);
    if (this.#isFollowing) this.#toEdge();
    else if (this.#isPlaying) this.#play(elapsed * this.#speed);
    return this.#time + this.#edge !== before;
  }

  /**
   * Looks at a time of the run; from now on a replay.
   * @param {number} t µs, held within what is known
   */
  seekTime(t) {
    this.#isFollowing = false;
    this.#lookAt(Math.min(Math.max(0, t), this.#edge));
  }

  /**
   * Looks at the state just after an event; from now on a replay.
   * @param {number} seq held within what is known; 0 is before the first event
   */
  seekSeq(seq) {
    this.#isFollowing = false;
    this.#isPlaying = false;
    const held = Math.min(Math.max(0, Math.trunc(seq)), this.#events.length);
    this.#run = this.#stateAt(held);
    this.#time = this.#run.t;
  }

  /**
   * Goes some events on or back.
   * @param {number} count negative: back
   */
  step(count) {
    this.seekSeq(this.#run.seq + count);
  }

  /** Back to the newest event; of a recorded run to its end. */
  follow() {
    this.#isPlaying = false;
    if (this.#isRecorded) return this.seekTime(this.#edge);
    this.#isFollowing = true;
    this.#toEdge();
  }

  /** Lets the time go on; from the start when it stands at the end. */
  play() {
    if (this.#isFollowing || this.#time >= this.#edge) this.seekTime(0);
    this.#isPlaying = true;
  }

  /** Holds the time; while live this is where one stood. */
  pause() {
    this.#isPlaying = false;
    if (this.#isFollowing) this.seekTime(this.#time);
  }

  /** @param {readonly Event[]} events as many as lie before the next state to be kept, or fewer */
  #take(events) {
    events.forEach(({ seq }, place) => {
      const former = this.#events.length + place;
      if (seq !== former + 1) throw new RangeError(`event ${seq} after event ${former}`);
    });
    this.#latest = applyEvents(this.#latest, events);
    this.#events.push(...events);
    if (this.#events.length % STRIDE === 0) this.#kept.push(this.#latest);
  }

  /** @param {number} now */
  #setClock(now) {
    const zero = now * 1000 - this.#latest.t;
    this.#zero = this.#zero === null ? zero : Math.min(this.#zero, zero);
  }

  /** @param {number} now */
  #moveEdge(now) {
    const goesOn = this.goesOn && this.#zero !== null;
    const edge = goesOn ? now * 1000 - (this.#zero ?? 0) : this.#latest.t;
    this.#edge = this.#latest.finish ? this.#latest.t : Math.max(this.#edge, edge, this.#latest.t);
  }

  #toEdge() {
    this.#run = this.#latest;
    this.#time = this.#edge;
  }

  /** @param {number} elapsed µs of the run */
  #play(elapsed) {
    this.#lookAt(Math.min(this.#time + elapsed, this.#edge));
    if (this.#time < this.#edge) return;
    this.#isPlaying = false;
    if (!this.#isRecorded) this.follow();
  }

  /** @param {number} t */
  #lookAt(t) {
    this.#run = this.#stateAt(this.#countUntil(t));
    this.#time = t;
  }

  /**
   * How many events had happened at a time.
   * @param {number} t
   */
  #countUntil(t) {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (/** @type {Event} */ (this.#events[middle]).t <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The state after that many events.
   * @param {number} count
   * @returns {Run}
   */
  #stateAt(count) {
    if (count === this.#events.length) return this.#latest;
    const isNear = this.#run.seq <= count && count - this.#run.seq < STRIDE;
    const state = isNear ? this.#run : /** @type {Run} */ (this.#kept[Math.floor(count / STRIDE)]);
    return applyEvents(state, this.#events.slice(state.seq, count));
  }
}
