/** Where in the run's time a selection lies. */

import { causeOf, effectOf } from "../../model/causes.js";
import { processAt } from "../../model/lookup.js";

/** @import { Player } from "../../model/player.js" */
/** @import { Event } from "../../protocol.js" */
/** @import { Selection } from "../words.js" */

/**
 * @typedef {object} Span
 * @property {number} start µs
 * @property {number} end µs
 * @property {number} seq of its first event
 * @property {number | null} process key of the lane it lies on
 */

/**
 * @param {Selection} selection
 * @param {Player} player
 * @returns {Span | null} null for nothing, and for what is no longer there
 */
export function spanOf(selection, player) {
  const run = player.latest;
  if (selection === null) return null;
  const { kind, key } = selection;
  if (kind === "event") return momentSpan(player, player.events[key - 1]);
  if (kind === "process" && key < run.processes.length) return processSpan(player, key);
  if (kind === "task" && key < run.tasks.length) return taskSpan(player, key);
  if (kind === "item" && key < run.items.length) return itemSpan(player, key);
  return null;
}

/**
 * The event that made the selected one possible, or that it made possible.
 * @param {"cause" | "effect"} way
 * @param {Selection} selection without one, the moment one looks at
 * @param {Player} player
 * @returns {number | null} its `seq`
 */
export function along(way, selection, player) {
  const seq = spanOf(selection, player)?.seq ?? player.run.seq;
  const event = player.events[seq - 1];
  if (!event) return null;
  return way === "cause" ? causeOf(event, player.latest) : effectOf(event, player.latest);
}

/** @param {Player} player @param {Event | undefined} event @returns {Span | null} */
function momentSpan({ latest }, event) {
  if (!event) return null;
  const { t, seq, pid } = event;
  return { start: t, end: t, seq, process: processAt(latest, pid, seq)?.key ?? null };
}

/** @param {Player} player @param {number} key @returns {Span} */
function processSpan({ latest, end }, key) {
  const { started, exited } = latest.processes.at(key);
  return { start: started.t, end: exited?.t ?? end, seq: started.seq, process: key };
}

/** @param {Player} player @param {number} key @returns {Span | null} */
function taskSpan({ latest, end }, key) {
  const { submitted, started, ended, worker } = latest.tasks.at(key);
  const first = started ?? submitted ?? ended;
  return first && { start: first.t, end: ended?.t ?? end, seq: first.seq, process: worker ?? first.process };
}

/** @param {Player} player @param {number} key @returns {Span | null} */
function itemSpan({ latest, end }, key) {
  const { put, got } = latest.items.at(key);
  const first = put ?? got;
  return first && { start: first.t, end: got?.t ?? end, seq: first.seq, process: first.process };
}
