/** Finding things of a run again. */

/** @import { Process, Run, SyncState } from "./state.js" */

/**
 * The process that had a pid when an event happened; a pid may belong to several processes one after the other.
 * @param {Run} run a state at or after the event
 * @param {number | undefined} pid
 * @param {number} seq of the event
 * @returns {Process | null} null for the supervisor and for nobody
 */
export function processAt(run, pid, seq) {
  const latest = pid === undefined ? undefined : run.index.pid.get(pid);
  for (let key = latest ?? -1; key >= 0; key -= 1) {
    const process = run.processes.at(key);
    if (process.pid === pid && process.started.seq <= seq) return process;
  }
  return null;
}

/**
 * What a thing that is waited for is called. A process has the name that it has everywhere, whatever it was called when
 * somebody began to wait for it.
 * @param {Run} run
 * @param {SyncState} object
 */
export function objectName(run, { kind, id, name }) {
  const key = kind === "process" ? run.index.pid.get(id) : undefined;
  return key === undefined ? name : run.processes.at(key).label;
}
