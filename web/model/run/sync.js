/**
 * Locks and the like: who has them, who waits. A process that dies with a lock keeps it, as the kernel's semaphores do:
 * that is how a deadlock by death looks.
 */

import { NumberMap } from "../../base/number-map.js";
import { Vector } from "../../base/vector.js";
import { keyOf, waitBegan, waitEnded } from "./process.js";

/** @import { SyncKind } from "../../protocol.js" */
/** @import { Run, SyncState } from "../state.js" */
/** @import { EventOf } from "./process.js" */

/** The kinds that one has until one gives them back; the others one passes. @type {readonly SyncKind[]} */
const HELD = ["lock", "semaphore"];

/**
 * @param {Run} run
 * @param {EventOf<"sync.waiting">} event
 * @returns {Run}
 */
export function waiting(run, event) {
  const process = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  if (process === null) return known;
  const queued = altered(known, key, ({ waiters }) => ({ waiters: [...waiters, { process, since: event.t }] }));
  return waitBegan(queued, process, { on: "sync", key, op: null, start: event.t, seq: event.seq });
}

/**
 * @param {Run} run
 * @param {EventOf<"sync.acquired">} event
 * @returns {Run}
 */
export function acquired(run, event) {
  const process = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  if (process === null) return known;
  const has = altered(known, key, ({ waiters, holders, holds }) => ({
    waiters: withoutOne(waiters, process),
    holders: HELD.includes(event.kind) ? [...stillHeld(known, event.kind, holders), { process, since: event.t }] : holders,
    holds: HELD.includes(event.kind) ? holds.push({ process, start: event.t, end: null, seq: event.seq }) : holds,
  }));
  return waitEnded(has, process, { on: "sync", key, op: null }, event.t, "done");
}

/**
 * @param {Run} run
 * @param {EventOf<"sync.released">} event
 * @returns {Run}
 */
export function released(run, event) {
  const process = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  if (process === null) return known;
  // Any process may give back what another one took; then it is the oldest hold that ends.
  return altered(known, key, ({ holders, holds }) => {
    const holder = holders.some((one) => one.process === process) ? process : holders[0]?.process;
    if (holder === undefined) return {};
    return { holders: withoutOne(holders, holder), holds: closed(holds, holder, event.t) };
  });
}

/**
 * Who still has a thing when somebody else gets it: of a lock, nobody that died with it, for a lock has one holder.
 * @param {Run} run
 * @param {SyncKind} kind
 * @param {SyncState["holders"]} holders
 */
function stillHeld(run, kind, holders) {
  return kind === "lock" ? holders.filter(({ process }) => run.processes.at(process).exited === null) : holders;
}

/**
 * @param {Run} run
 * @param {EventOf<"sync.timeout">} event
 * @returns {Run}
 */
export function timeout(run, event) {
  const process = keyOf(run, event.pid);
  const [known, key] = mentioned(run, event);
  if (process === null) return known;
  const left = altered(known, key, ({ waiters }) => ({ waiters: withoutOne(waiters, process) }));
  return waitEnded(left, process, { on: "sync", key, op: null }, event.t, "timeout");
}

/**
 * The run after a process died: it waits for nothing any more.
 * @param {Run} run
 * @param {EventOf<"process.exited">} event
 * @returns {Run}
 */
export function leftBy(run, { pid }) {
  const process = keyOf(run, pid);
  let left = run;
  for (const { key, waiters } of run.objects) {
    const others = waiters.filter((waiter) => waiter.process !== process);
    if (others.length < waiters.length) left = altered(left, key, () => ({ waiters: others }));
  }
  return left;
}

/**
 * @param {SyncState["holds"]} holds
 * @param {number} process
 * @param {number} t
 */
function closed(holds, process, t) {
  for (let place = holds.length - 1; place >= 0; place -= 1) {
    const hold = holds.at(place);
    if (hold.process === process && hold.end === null) return holds.with(place, { ...hold, end: t });
  }
  return holds;
}

/**
 * @template {{ process: number }} E
 * @param {readonly E[]} entries
 * @param {number} process
 * @returns {readonly E[]}
 */
function withoutOne(entries, process) {
  const place = entries.findIndex((entry) => entry.process === process);
  return place < 0 ? entries : entries.filter((_, other) => other !== place);
}

/**
 * The run with the object in it, and the object's key.
 * @param {Run} run
 * @param {{ object: number, name: string, kind: SyncKind }} event
 * @returns {[Run, number]}
 */
function mentioned(run, { object: id, name, kind }) {
  const ofKind = run.index.object[kind] ?? NumberMap.empty();
  const known = ofKind.get(id);
  if (known !== undefined) return [run, known];
  const key = run.objects.length;
  /** @type {SyncState} */
  const object = { key, id, name, kind, holders: [], waiters: [], holds: Vector.empty(), levels: Vector.empty(), users: [] };
  const index = { ...run.index, object: { ...run.index.object, [kind]: ofKind.set(id, key) } };
  return [{ ...run, objects: run.objects.push(object), index }, key];
}

/**
 * The run with an object changed; how many have it and wait for it is noted.
 * @param {Run} run
 * @param {number} key
 * @param {(object: SyncState) => Partial<SyncState>} change
 * @returns {Run}
 */
function altered(run, key, change) {
  const before = run.objects.at(key);
  const after = { ...before, ...change(before) };
  const [holders, waiters] = [after.holders.length, after.waiters.length];
  const isLevel = holders === before.holders.length && waiters === before.waiters.length;
  if (!isLevel) after.levels = before.levels.push({ t: run.t, holders, waiters });
  const newcomers = [...after.holders, ...after.waiters].map(({ process }) => process).filter((process) => !before.users.includes(process));
  if (newcomers.length > 0) after.users = [...before.users, ...new Set(newcomers)];
  return { ...run, objects: run.objects.with(key, after) };
}
