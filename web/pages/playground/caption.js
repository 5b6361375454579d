/**
 * The event at the moment one looks at, as a sentence; what lines of code under the processes' feet say.
 *
 * @import { Event, Source } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Player } from "../../model/player.js"
 * @import { CodeAt } from "../../elements/words.js"
 */

import { seconds } from "../../base/duration.js";
import { sentence } from "../../model/sentence.js";

/** What a reader would not tell. */
const DULL = new Set(["process.sampled", "line.reached"]);

/**
 * The last event that a reader would tell.
 * @param {Pick<Player, "run" | "events">} player
 * @returns {Event | null}
 */
export function told({ run, events }) {
  let place = run.seq - 1;
  while (place > 0 && DULL.has(events[place]?.type ?? "")) place -= 1;
  return events[place] ?? null;
}

/**
 * It with its time; empty for none.
 * @param {Pick<Player, "run" | "events" | "latest">} player
 * @param {TextTable} text
 */
export function captionOf(player, text) {
  const event = told(player);
  return event ? `${seconds(event.t)} s · ${sentence(event, player.latest, text)}` : "";
}

/**
 * What stands on the lines of programs, without comments.
 * @param {readonly Source[]} sources
 * @returns {CodeAt}
 */
export function codeIn(sources) {
  const code = (/** @type {string} */ line) => line.replace(/\s*(\/\/|#).*$/, "").trim();
  const lines = new Map(sources.map(({ file, text }) => [file, text.split("\n").map(code)]));
  return (at) => (at ? (lines.get(at.file)?.[at.line - 1] ?? "") : "");
}
