/**
 * Finding events again: by kind, and by words, names, pids.
 *
 * Kinds are families (`queue`, of `queue.put` and all its like), as readers think of them; what the sampler sees and the
 * lines that processes reach are families of their own, as they are many.
 */

import { sentence } from "./sentence.js";

/** @import { TextTable } from "../base/text.js" */
/** @import { Event } from "../protocol.js" */
/** @import { Run } from "./state.js" */

/** The families, in the order in which they are offered. */
export const KINDS = /** @type {const} */ (["process", "signal", "output", "line", "variable", "task", "queue", "sync", "pipe", "progress", "sampled", "run"]);

/** @typedef {typeof KINDS[number]} Kind */

const SIGNALS = ["process.signaled", "process.stopped", "process.continued"];

/**
 * @param {Event["type"]} type
 * @returns {Kind}
 */
export function kindOf(type) {
  if (SIGNALS.includes(type)) return "signal";
  if (type === "process.sampled") return "sampled";
  const family = type.split(".")[0] ?? "";
  return KINDS.find((kind) => kind === family) ?? "run";
}

/**
 * @typedef {object} Wanted
 * @property {Kind | "all"} kind
 * @property {string} needle lower case; empty for everything
 */

/**
 * @param {Event} event
 * @param {Wanted} wanted
 * @param {TextTable} text
 * @param {Run} run a state at or after the event
 */
export function matches(event, { kind, needle }, text, run) {
  if (kind !== "all" && kindOf(event.type) !== kind) return false;
  if (needle === "") return true;
  return event.type.includes(needle) || String(event.pid ?? "").startsWith(needle) || sentence(event, run, text).toLowerCase().includes(needle);
}
