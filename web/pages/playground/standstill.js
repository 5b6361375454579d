/**
 * Who waits for ever at the moment that the page shows.
 *
 * @import { Player } from "../../model/player.js"
 */

import { stuck } from "../../model/waits.js";

/** The sampler may see a process wake for its last signal so long before the log has that signal, in µs. */
const WAKING_US = 120_000;

/**
 * What is found, the state in which it was, and whether the run was ended in it: what the supervisor ends can no longer
 * be seen afterwards, so then the moment before counts.
 * @param {Player} player
 */
export function standstill(player) {
  const { run, time } = player;
  const { lastCall } = run;
  const now = lastCall ? lastCall.t - WAKING_US : time;
  const judged = lastCall ? player.at(now) : run;
  return { run: judged, now, isOver: lastCall !== null, findings: stuck(judged, now) };
}
