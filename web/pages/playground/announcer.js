/**
 * Tells screen readers how the run stands and what happens in it: what changes at once, and while the run is live a
 * summary of what has happened since, at most every two seconds. Nothing is said twice.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Player } from "../../model/player.js"
 */

import { digest } from "../../model/digest.js";

/** The least time between two announcements, in ms. */
const PAUSE_MS = 2000;

export class Announcer {
  /** @type {HTMLElement} */
  #place;
  #text;
  /** What waits to be said. */
  #next = "";
  #standing = "";
  /** @type {Player | null} The run that is told, and how many of its events were. */
  #player = null;
  #told = 0;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #timer = null;

  /**
   * @param {HTMLElement} place a live region
   * @param {TextTable} text
   */
  constructor(place, text) {
    this.#place = place;
    this.#text = text;
  }

  /** @param {string} sentence */
  say(sentence) {
    this.#next = sentence;
    if (this.#timer === null) this.#speak();
  }

  /**
   * Keeps telling of a run.
   * @param {Player} player
   * @param {{ kind: string, words: string }} standing how it stands; told when the kind changes
   */
  follow(player, { kind, words }) {
    if (player !== this.#player) this.#told = 0;
    this.#player = player;
    if (kind !== this.#standing) {
      this.#standing = kind;
      this.say(words);
    } else if (this.#timer === null) this.#speak();
  }

  #speak() {
    this.#timer = null;
    const words = [this.#news(), this.#next].filter((part) => part !== "").join(" ");
    this.#next = "";
    if (words === "") return;
    this.#place.textContent = words;
    this.#timer = setTimeout(() => this.#speak(), PAUSE_MS);
  }

  /** What has happened since it was last asked. A run that is only looked back on is not told. */
  #news() {
    const { events, latest, mode } = this.#player ?? {};
    if (!events || !latest || (mode !== "live" && mode !== "finished")) return "";
    const news = events.slice(this.#told);
    this.#told = events.length;
    return news.length === 0 ? "" : digest(news, latest, this.#text);
  }
}
