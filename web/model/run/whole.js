/** The run as a whole: its head, what was cut from it, its end. */

import { keyOf } from "./process.js";

/** @import { Run, Truncation } from "../state.js" */
/** @import { EventOf } from "./process.js" */

/**
 * @param {Run} run
 * @param {EventOf<"run.started">} event
 * @returns {Run}
 */
export function started(run, event) {
  return { ...run, head: event };
}

/**
 * Each truncation tells the sum so far, so it takes the place of the former one of the same kind.
 * @param {Run} run
 * @param {EventOf<"run.truncated">} event
 * @returns {Run}
 */
export function truncated(run, { pid, t, seq, what, dropped }) {
  const process = keyOf(run, pid);
  const isSame = (/** @type {Truncation} */ cut) => cut.what === what && cut.process === process;
  /** @type {Truncation} */
  const latest = { what, process, dropped, t, seq, since: run.truncations.find(isSame)?.since ?? t };
  const others = run.truncations.filter((cut) => !isSame(cut));
  return { ...run, truncations: [...others, latest] };
}

/**
 * @param {Run} run
 * @param {EventOf<"run.finished">} event
 * @returns {Run}
 */
export function finished(run, event) {
  return { ...run, finish: event };
}

/**
 * @param {Run} run
 * @returns {Run}
 */
export function rejected(run) {
  return { ...run, rejected: run.rejected + 1 };
}

/**
 * @param {Run} run
 * @returns {Run}
 */
export function unknown(run) {
  return { ...run, unknown: run.unknown + 1 };
}
