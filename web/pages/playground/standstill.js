/**
 * Who waits for ever at the moment that the page shows.
 *
 * @import { Run } from "../../model/state.js"
 * @import { Player } from "../../model/player.js"
 */

import { applyEvents } from "../../model/run.js";
import { stuck } from "../../model/waits.js";

/** The sampler may see a process wake for its last signal so long before the log has that signal, in µs. */
const WAKING_US = 120_000;

/**
 * What is found, the state in which it was, and whether the run was ended in it: what the supervisor ends can no longer
 * be seen afterwards, so then the moment before counts.
 * @param {Pick<Player, "run" | "time" | "at" | "events">} player
 */
export function standstill(player) {
  const { run, time } = player;
  const { lastCall } = run;
  const now = lastCall?.t ?? time;
  const judged = lastCall ? before(player, lastCall) : run;
  return { run: judged, now, isOver: lastCall !== null, findings: stuck(judged, now) };
}

/**
 * The state before the supervisor's first signal, without what the sampler saw of its coming.
 * @param {Pick<Player, "at" | "events">} player
 * @param {{ t: number, seq: number }} lastCall
 * @returns {Run}
 */
function before(player, { t, seq }) {
  const calm = player.at(t - WAKING_US);
  const rest = player.events.slice(calm.seq, seq - 1);
  return applyEvents(calm, rest.filter(({ type }) => type !== "process.sampled"));
}
