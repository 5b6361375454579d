/**
 * What a process is and does, in a few words for the reader. No view says these things in its own way.
 *
 * @import { At } from "../protocol.js"
 * @import { Pointed } from "../model/light.js"
 * @import { Process, Run, SyncState } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { duration } from "../base/duration.js";
import { say } from "../base/text.js";

/** @typedef {Pointed} Selected */
/** @typedef {Selected | null} Selection one for all views */
/** @typedef {(at: At | null) => string} CodeAt what stands on a line of the program, without comment; empty if unknown */

/**
 * A sentence with a number in it; English has another one for 1.
 * @param {TextTable} text
 * @param {string} key
 * @param {{ n: number } & Record<string, string | number>} values
 */
export function count(text, key, values) {
  const one = `${key}.one`;
  return say(text, values.n === 1 && one in text ? one : key, values);
}

/**
 * The process of that key.
 * @param {Run} run
 * @param {number | null | undefined} key
 * @returns {Process | null}
 */
export function byKey(run, key) {
  return key !== null && key !== undefined && key < run.processes.length ? run.processes.at(key) : null;
}

/**
 * The process that a selection is about: itself, a task's worker, an item's giver.
 * @param {Run} run
 * @param {Selection} selection
 * @returns {Process | null}
 */
export function selectedProcess(run, selection) {
  if (selection?.kind === "process") return byKey(run, selection.key);
  if (selection?.kind === "task" && selection.key < run.tasks.length) {
    const task = run.tasks.at(selection.key);
    return byKey(run, task.worker ?? task.submitted?.process);
  }
  if (selection?.kind === "item" && selection.key < run.items.length) {
    const item = run.items.at(selection.key);
    return byKey(run, item.got?.process ?? item.put?.process);
  }
  return null;
}

/**
 * The process that has, or last had, that pid.
 * @param {Run} run
 * @param {number} pid
 * @returns {Process | null}
 */
export function processOf(run, pid) {
  return byKey(run, run.index.pid.get(pid));
}

/**
 * A name for a pid, which may be the supervisor's.
 * @param {TextTable} text
 * @param {Run} run
 * @param {number} pid
 */
export function nameOf(text, run, pid) {
  if (pid === run.head?.supervisor) return say(text, "tree.supervisor");
  return processOf(run, pid)?.label ?? say(text, "tree.unnamed", { pid });
}

/**
 * The colour of a process, for the style's `--own`.
 * @param {Process | null} process
 */
export function colour(process) {
  return process ? `var(--process-${process.colour})` : "var(--observer)";
}

/**
 * What a process does now, or how it ended: `听音乐 1.38 s · 完成 1`, `退出码 0`.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @param {number} now microseconds since the run began
 * @param {CodeAt} codeAt
 */
export function doing(text, run, process, now, codeAt) {
  const parts = process.exited ? ended(text, run, process, now) : alive(text, run, process, now, codeAt);
  return parts.filter((part) => part !== "").join(" · ");
}

/**
 * How it ended, and who has read its status; if nobody has, for how long.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @param {number} now
 */
function ended(text, run, { exited, reaped, zombie }, now) {
  const { code, signal, t } = exited ?? { code: null, signal: null, t: now };
  const how = signal ? say(text, "does.signal", { signal }) : say(text, "does.code", { code: code ?? "" });
  if (reaped) return [how, say(text, "does.reaped", { by: nameOf(text, run, reaped.by) })];
  return [how, zombie ? say(text, "does.unreaped", { time: duration(Math.max(0, now - t)) }) : ""];
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @param {number} now
 * @param {CodeAt} codeAt
 */
function alive(text, run, process, now, codeAt) {
  const orphan = process.ppid === process.birthPpid ? "" : say(text, "does.orphan", { name: nameOf(text, run, process.ppid) });
  const done = process.done > 0 ? say(text, "does.done", { n: process.done }) : "";
  return [activity(text, run, process, now, codeAt), done, orphan];
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @param {number} now
 * @param {CodeAt} codeAt
 */
function activity(text, run, process, now, codeAt) {
  const stop = process.state === "stopped" ? process.stops.last : undefined;
  if (stop) return say(text, "does.stopped", { signal: stop.signal });
  const task = process.task === null ? null : run.tasks.at(process.task);
  if (task) {
    const time = duration(Math.max(0, now - (task.started?.t ?? now)));
    return say(text, "does.task", { task: task.name, time });
  }
  const isPlain = process.waiting?.on === "kernel" && /^futex\b/.test(process.waiting.words) && process.role === "main";
  const code = isPlain ? codeAt(process.at) : "";
  return code === "" ? waitingFor(text, run, process) : code;
}

/**
 * What it waits for in words; nothing when it runs.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @returns {string}
 */
export function waitingFor(text, run, process) {
  const { waiting } = process;
  if (waiting?.on === "queue") return say(text, `does.${waiting.op}`, { queue: run.queues.at(waiting.queue).name });
  if (waiting?.on === "sync") return inSync(text, run, run.objects.at(waiting.object));
  if (process.role === "pool-worker" && process.task === null && process.state === "waiting") return say(text, "does.idle");
  return waiting ? inKernel(text, run, waiting.words) : "";
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {SyncState} object
 */
function inSync(text, run, { kind, id, name, holders }) {
  if (kind === "process") return say(text, "does.wait.pid", { name: processOf(run, id)?.label ?? name });
  if (kind === "task") return say(text, "does.result", { task: name });
  const holder = kind === "lock" ? byKey(run, holders[0]?.process) : null;
  return say(text, holder ? "does.sync.held" : "does.sync", { object: name, whom: holder?.label ?? "" });
}

/**
 * What `/proc` says of a wait, in words that a reader knows; any other call by its name.
 * @param {TextTable} text
 * @param {Run} run
 * @param {string} words
 */
function inKernel(text, run, words) {
  const [, call, argument] = /^(\w+)(?:\((.*)\))?$/.exec(words) ?? [];
  if (call?.endsWith("nanosleep")) return say(text, "does.sleep");
  if (call === "timeout" || argument === "timeout") return say(text, "does.limited");
  if (call?.startsWith("wait")) return waitsForChild(text, run, Number(argument));
  return call === "futex" ? say(text, "does.futex") : say(text, "does.other", { what: words });
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {number} pid
 */
function waitsForChild(text, run, pid) {
  const child = pid > 0 ? processOf(run, pid) : null;
  return child ? say(text, "does.wait.pid", { name: child.label }) : say(text, "does.wait");
}
