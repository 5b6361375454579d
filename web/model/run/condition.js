/** What a process is doing now, worked out from what is known of it: the kernel's word first, then its own. */

/** @import { Process, ProcessState, Sample, Waiting } from "../state.js" */

/**
 * What a process is doing, in a word.
 * @param {Process} process
 * @returns {ProcessState}
 */
export function stateOf({ reaped, zombie, exited, stops, pending, sample, events }) {
  if (reaped) return "reaped";
  if (zombie) return "zombie";
  if (exited) return "exited";
  if (stops.last?.end === null) return "stopped";
  if (pending.length > 0) return "waiting";
  if (sample) return stateBySample(sample);
  return events > 0 ? "running" : "starting";
}

/**
 * @param {Sample} sample
 * @returns {ProcessState}
 */
function stateBySample({ state }) {
  if (state === "T") return "stopped";
  return state === "R" || state === "Z" ? "running" : "waiting";
}

/**
 * What a process waits for: by its own word, else by the kernel's.
 * @param {Process} process
 * @returns {Waiting | null}
 */
export function waitingOf({ exited, waits, pending, sample, waiting }) {
  if (exited) return null;
  const place = pending.at(-1);
  if (place !== undefined) {
    const { on, key, op, start } = waits.at(place);
    return on === "queue" ? { on, queue: key, op: op ?? "get", since: start } : { on, object: key, since: start };
  }
  if (sample === null || sample.waiting === null || sample.state === "R") return null;
  const isSameAsBefore = waiting?.on === "kernel" && waiting.words === sample.waiting;
  return { on: "kernel", words: sample.waiting, since: isSameAsBefore ? waiting.since : sample.t };
}
