/**
 * Processes: birth, name, states, end. The kernel's events come first; what the sampler saw fills the time between
 * them; what a process says of itself (that it waits for a queue) stands above the sampler's words.
 */

import { Vector } from "../../base/vector.js";
import { COLOURS } from "../state.js";
import { stateOf, waitingOf } from "./condition.js";
import { renewed } from "./draft.js";

/** @import { At, Event } from "../../protocol.js" */
/** @import { Process, Run, Signal, Stop, Variable, Wait } from "../state.js" */
/**
 * @template {Event["type"]} K
 * @typedef {Extract<Event, { type: K }>} EventOf the events of one kind
 */

/**
 * The key of the process that has a pid at this point of the log.
 * @param {Run} run
 * @param {number | undefined} pid
 * @returns {number | null} null for the supervisor, for nobody, and for a pid that no process has
 */
export function keyOf(run, pid) {
  return pid === undefined ? null : (run.index.pid.get(pid) ?? null);
}

/**
 * The run with a process changed; what it is doing is worked out anew.
 * @param {Run} run
 * @param {number | null} key nothing changes for null
 * @param {(process: Process) => Partial<Process>} change
 * @returns {Run}
 */
export function changed(run, key, change) {
  if (key === null) return run;
  const before = run.processes.at(key);
  const after = renewed(before, change(before));
  after.state = stateOf(after);
  after.waiting = waitingOf(after);
  return after === before ? run : renewed(run, { processes: run.processes.with(key, after) });
}

/**
 * What any event says of its process: that it is alive, and the line it stands on.
 * @param {Run} run the state that the event's own meaning made
 * @param {Event} event
 * @param {boolean} isNews whether the process did something
 * @returns {Run}
 */
export function touched(run, event, isNews) {
  if (event.pid === undefined || event.type === "process.started") return run;
  const key = keyOf(run, event.pid);
  if (key === null) return renewed(run, { stray: run.stray + 1 });
  return changed(run, key, ({ at, ran, events, heard }) => ({
    at: event.at ?? at,
    ran: withLine(ran, event.at),
    events: events + 1,
    heard: isNews ? event.t : heard,
  }));
}

/**
 * The lines that a process has stood on, and this one. They are few: each is listed once.
 * @param {readonly At[]} ran
 * @param {At | undefined} at
 */
function withLine(ran, at) {
  if (at === undefined || ran.some(({ file, line }) => line === at.line && file === at.file)) return ran;
  return [...ran, at];
}

/** Less processor time than this the sampler keeps to itself, until it has something else to tell, in µs. */
const QUIET_CPU_US = 1000;

/**
 * Whether a process did something: a look of the sampler that finds it where it was before tells of nothing. So does
 * the little processor time that such a look makes up for, of some moment since the last one.
 * @param {Run} run the state before the event
 * @param {Event} event
 */
export function isNews(run, event) {
  if (event.type !== "process.sampled") return true;
  const key = keyOf(run, event.pid);
  const last = key === null ? undefined : run.processes.at(key).samples.last;
  return last?.state !== event.state || last.waiting !== (event.waiting ?? null) || event.cpu_us - last.cpu_us >= QUIET_CPU_US;
}

/**
 * @param {Run} run
 * @param {EventOf<"process.started">} event
 * @returns {Run}
 */
export function started(run, event) {
  if (event.pid === undefined) return run;
  const key = run.processes.length;
  const parent = event.ppid === run.head?.supervisor ? null : keyOf(run, event.ppid);
  const grown = {
    ...run,
    processes: run.processes.push(newborn(key, event.pid, parent === null ? null : run.processes.at(parent), event)),
    index: { ...run.index, pid: run.index.pid.set(event.pid, key) },
    meter: { ...run.meter, started: run.meter.started + 1 },
  };
  return adopted(grown, key, parent);
}

/**
 * @param {number} key
 * @param {number} pid
 * @param {Process | null} parent null: the supervisor
 * @param {EventOf<"process.started">} event
 * @returns {Process}
 */
function newborn(key, pid, parent, event) {
  return {
    key,
    pid,
    colour: key % COLOURS,
    label: String(pid),
    name: null,
    role: null,
    how: event.how,
    exe: null,
    argv: [],
    birthPpid: event.ppid,
    birthParent: parent?.key ?? null,
    ppid: event.ppid,
    parent: parent?.key ?? null,
    adoptions: [],
    children: [],
    started: { t: event.t, seq: event.seq },
    exited: null,
    zombie: null,
    reaped: null,
    state: "starting",
    waiting: null,
    at: null,
    ran: [],
    task: null,
    tasks: Vector.empty(),
    callbacks: Vector.empty(),
    submitted: Vector.empty(),
    done: 0,
    puts: Vector.empty(),
    gets: Vector.empty(),
    waits: Vector.empty(),
    pending: [],
    stops: Vector.empty(),
    signals: Vector.empty(),
    samples: Vector.empty(),
    sample: null,
    output: Vector.empty(),
    variables: [],
    inherited: parent === null ? [] : variablesOf(parent),
    progress: null,
    events: 0,
    heard: event.t,
  };
}

/**
 * All variables that a process is known to have: those it told, and those it has from its parent.
 * @param {Process} process
 */
function variablesOf({ variables, inherited }) {
  const ownOf = (/** @type {Variable} */ former) => variables.find(({ name }) => name === former.name) ?? former;
  return [...inherited.map(ownOf), ...variables.filter(({ name }) => !inherited.some((former) => former.name === name))];
}

/**
 * The run with the process among the children of its parent, in order of birth.
 * @param {Run} run
 * @param {number} key
 * @param {number | null} parent null: the supervisor
 * @returns {Run}
 */
function adopted(run, key, parent) {
  const among = (/** @type {readonly number[]} */ keys) => [...keys, key].sort((a, b) => a - b);
  if (parent === null) return { ...run, roots: among(run.roots) };
  return changed(run, parent, ({ children }) => ({ children: among(children) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.reparented">} event
 * @returns {Run}
 */
export function reparented(run, event) {
  const key = keyOf(run, event.pid);
  if (key === null) return run;
  const parent = event.ppid === run.head?.supervisor ? null : keyOf(run, event.ppid);
  const orphaned = abandoned(run, key, run.processes.at(key).parent);
  const { t, seq, ppid } = event;
  return adopted(changed(orphaned, key, ({ adoptions }) => ({ ppid, parent, adoptions: [...adoptions, { t, seq, parent }] })), key, parent);
}

/**
 * @param {Run} run
 * @param {number} key
 * @param {number | null} parent
 * @returns {Run}
 */
function abandoned(run, key, parent) {
  const without = (/** @type {readonly number[]} */ keys) => keys.filter((other) => other !== key);
  if (parent === null) return { ...run, roots: without(run.roots) };
  return changed(run, parent, ({ children }) => ({ children: without(children) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.exec">} event
 * @returns {Run}
 */
export function executed(run, { pid, exe, argv }) {
  const program = exe.slice(exe.lastIndexOf("/") + 1);
  return changed(run, keyOf(run, pid), ({ name }) => ({ exe, argv, label: name ?? program, inherited: [] }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.named">} event
 * @returns {Run}
 */
export function named(run, { pid, name, role }) {
  return changed(run, keyOf(run, pid), () => ({ name, role, label: name }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.stopped">} event
 * @returns {Run}
 */
export function stopped(run, { pid, t, seq, signal }) {
  return changed(run, keyOf(run, pid), ({ stops }) => ({ stops: stops.push({ start: t, end: null, signal, seq }) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.continued">} event
 * @returns {Run}
 */
export function continued(run, { pid, t }) {
  return changed(run, keyOf(run, pid), ({ stops, sample }) => ({
    stops: closed(stops, t),
    sample: sample?.state === "T" ? null : sample,
  }));
}

/**
 * @param {Vector<Stop>} stops
 * @param {number} t
 */
function closed(stops, t) {
  const last = stops.last;
  return last?.end === null ? stops.with(stops.length - 1, { ...last, end: t }) : stops;
}

/**
 * @param {Run} run
 * @param {EventOf<"process.signaled">} event
 * @returns {Run}
 */
export function signaled(run, { pid, t, seq, signal, from }) {
  const fromPid = from === "visitor" ? null : from;
  /** @type {Signal} */
  const arrived = { t, seq, signal, fromPid, from: keyOf(run, fromPid ?? undefined) };
  const isLastCall = run.lastCall === null && from === run.head?.supervisor;
  const told = isLastCall ? { ...run, lastCall: { t, seq } } : run;
  return changed(told, keyOf(run, pid), ({ signals }) => ({ signals: signals.push(arrived) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.exited">} event
 * @returns {Run}
 */
export function exited(run, event) {
  const { pid, t, seq } = event;
  const key = keyOf(run, pid);
  if (key === null) return run;
  const code = "code" in event ? event.code : null;
  const signal = "signal" in event ? event.signal : null;
  const gone = changed(run, key, ({ stops, waits, pending }) => ({
    exited: { t, seq, code, signal },
    stops: closed(stops, t),
    waits: pending.reduce((all, place) => ended(all, place, t, "died"), waits),
    pending: [],
    at: null,
    sample: null,
  }));
  return { ...gone, meter: { ...gone.meter, exited: gone.meter.exited + 1 } };
}

/**
 * @param {Run} run
 * @param {EventOf<"process.zombie">} event
 * @returns {Run}
 */
export function zombie(run, { pid, t, seq, user_us, sys_us, max_rss_kib }) {
  return changed(run, keyOf(run, pid), () => ({ zombie: { t, seq, user_us, sys_us, max_rss_kib } }));
}

/**
 * @param {Run} run
 * @param {EventOf<"process.reaped">} event
 * @returns {Run}
 */
export function reaped(run, { pid, t, seq, by }) {
  const key = keyOf(run, pid);
  if (key === null) return run;
  const buried = changed(run, key, () => ({ reaped: { t, seq, by, process: keyOf(run, by) } }));
  return { ...buried, meter: { ...buried.meter, reaped: buried.meter.reaped + 1 } };
}

/**
 * @param {Run} run
 * @param {EventOf<"process.sampled">} event
 * @returns {Run}
 */
export function sampled(run, { pid, t, state, cpu_us, rss_kib, private_kib, waiting }) {
  return changed(run, keyOf(run, pid), ({ samples, exited }) => {
    const former = samples.last?.private_kib ?? null;
    const sample = { t, state, cpu_us, rss_kib, private_kib: private_kib ?? former, waiting: waiting ?? null };
    return { samples: samples.push(sample), sample: exited === null ? sample : null };
  });
}

/**
 * The run with a process that waits for a queue or a sync object.
 * @param {Run} run
 * @param {number | null} key
 * @param {Omit<Wait, "end" | "outcome">} wait
 * @returns {Run}
 */
export function waitBegan(run, key, wait) {
  return changed(run, key, ({ waits, pending }) => ({
    waits: waits.push({ ...wait, end: null, outcome: null }),
    pending: [...pending, waits.length],
  }));
}

/**
 * The run with that wait over. What the sampler saw during the wait no longer holds.
 * @param {Run} run
 * @param {number | null} key
 * @param {Pick<Wait, "on" | "key" | "op">} which
 * @param {number} t
 * @param {"done" | "timeout"} outcome
 * @returns {Run}
 */
export function waitEnded(run, key, which, t, outcome) {
  return changed(run, key, ({ waits, pending, sample }) => {
    const place = pending.findLast((at) => isSame(waits.at(at), which));
    if (place === undefined) return {};
    return {
      waits: ended(waits, place, t, outcome),
      pending: pending.filter((other) => other !== place),
      sample: sample && sample.t >= waits.at(place).start ? null : sample,
    };
  });
}

/**
 * @param {Wait} wait
 * @param {Pick<Wait, "on" | "key" | "op">} which
 */
function isSame(wait, which) {
  return wait.on === which.on && wait.key === which.key && wait.op === which.op;
}

/**
 * @param {Vector<Wait>} waits
 * @param {number} place
 * @param {number} t
 * @param {Wait["outcome"]} outcome
 */
function ended(waits, place, t, outcome) {
  return waits.with(place, { ...waits.at(place), end: t, outcome });
}
