/**
 * Waits in words: one clause a wait, and a sentence for all that are stuck together:
 * “P1 waits for lock B, which P2 holds; P2 waits for lock A, which P1 holds; for 2.1 s”.
 */

import { duration } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { isSending } from "./pipes.js";

/** @import { TextTable } from "../../base/text.js" */
/** @import { Process, Run, SyncState } from "../state.js" */
/** @import { Finding } from "../waits.js" */
/** @import { Need } from "./needs.js" */

/** Names that say themselves what they are, as `Lock-1`. */
const TELLING = /^[A-Z][A-Za-z]+-\d+$/;

/**
 * What is found, as one sentence.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Finding} finding
 * @param {number} now µs of the run
 */
export function findingSentence(text, run, finding, now) {
  const clauses = [...finding.needs, ...finding.followers].map((need) => clause(text, run, need));
  if (finding.kind === "abandoned") clauses.splice(finding.needs.length, 0, say(text, "stuck.nobody"));
  clauses.push(...finding.tasks.map((key) => taskWords(text, run, key)));
  return [...clauses, say(text, "stuck.for", { time: sinceWords(finding, now) })].join(say(text, "stuck.and"));
}

/**
 * What became of a lost task.
 * @param {TextTable} text
 * @param {Run} run
 * @param {number} key
 */
export function taskWords(text, run, key) {
  const { name, worker } = run.tasks.at(key);
  return say(text, "stuck.task", { task: name, whom: worker === null ? "?" : uniqueName(run, run.processes.at(worker)) });
}

/**
 * How long they have been stuck.
 * @param {Finding} finding
 * @param {number} now
 */
export function sinceWords({ since }, now) {
  return duration(Math.max(0, now - since));
}

/**
 * Who waits for what, and who has it.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Need} need
 */
export function clause(text, run, need) {
  return say(text, "stuck.clause", { who: uniqueName(run, run.processes.at(need.process)), waits: waitWords(text, run, need) });
}

/**
 * What somebody waits for, without saying who: `waits for lock B, which P2 holds`.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Need} need
 * @returns {string}
 */
export function waitWords(text, run, { process, thing, ender, whom, since }) {
  const others = whom.map((key) => uniqueName(run, run.processes.at(key))).join(say(text, "stuck.comma"));
  switch (thing.kind) {
    case "object": {
      const object = run.objects.at(thing.key);
      if (object.kind === "pipe" && whom.length > 0) return say(text, isSending(run, { process, thing, ender, whom, since }) ? "wait.pipe.send" : "wait.pipe.receive", { what: objectName(text, object), whom: others });
      const how = whom.length === 0 ? object.kind : whom.includes(process) ? "self" : ender === "nobody" ? "dead" : "held";
      return say(text, `wait.${how}`, { what: objectName(text, object), whom: others });
    }
    case "queue":
      return say(text, `wait.${thing.op}`, { queue: run.queues.at(thing.key).name });
    case "task": {
      const { name, state } = run.tasks.at(thing.key);
      return say(text, `wait.task.${whom.length === 0 ? "submitted" : state}`, { task: name, whom: others });
    }
    case "process":
      return say(text, "wait.process", { whom: uniqueName(run, run.processes.at(thing.key)) });
    case "child":
      return say(text, "wait.child");
    case "kernel":
      return run.processes.at(process).role === "pool-worker" ? say(text, "wait.idle") : say(text, "wait.kernel", { call: thing.words });
  }
}

/**
 * A lock or the like by kind and name, as `lock A`; by its name alone where that tells the kind.
 * @param {TextTable} text
 * @param {SyncState} object
 */
export function objectName(text, { kind, name }) {
  return TELLING.test(name) ? name : say(text, `object.${kind}`, { name });
}

/**
 * The name of a process; with its pid where another one has the same.
 * @param {Run} run
 * @param {Process} process
 */
function uniqueName(run, { key, label, pid }) {
  const isShared = [...run.processes].some((other) => other.key !== key && other.label === label);
  return isShared ? `${label}(${pid})` : label;
}
