/**
 * One sentence an event, in the reader's language: for the table, captions, screen readers and search.
 *
 * The sentences stand in the text table under `event.…`; this module chooses one and fills it. Values that a program
 * made are shortened, so that a sentence stays one.
 */

import { duration } from "../base/duration.js";
import { say } from "../base/text.js";
import { unreachable } from "../base/unreachable.js";
import { processAt } from "./lookup.js";

/** @import { TextTable } from "../base/text.js" */
/** @import { Event, JsonValue } from "../protocol.js" */
/** @import { Run } from "./state.js" */

/** The most characters of a program's value in a sentence. */
const VALUE_CHARS = 60;

/**
 * What an event says, as a sentence.
 * @param {Event} event
 * @param {Run} run a state at or after the event; the latest knows the most names
 * @param {TextTable} text
 * @returns {string}
 */
export function sentence(event, run, text) {
  const [key, values] = worded(event, run, text);
  return say(text, `event.${key}`, { who: nameOf(run, event.pid, event.seq, text), ...values });
}

/**
 * A process by name and pid, as sentences do: `download(5121)`.
 * @param {Run} run
 * @param {number | undefined} pid
 * @param {number} seq of the event that speaks of it
 * @param {TextTable} text
 */
export function nameOf(run, pid, seq, text) {
  if (pid === undefined) return "";
  if (pid === run.head?.supervisor) return say(text, "event.supervisor");
  const process = processAt(run, pid, seq);
  return process === null || process.label === String(pid) ? String(pid) : `${process.label}(${pid})`;
}

/**
 * A value of a program on one short line.
 * @param {JsonValue | undefined} value
 * @returns {string}
 */
export function brief(value) {
  const line = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const characters = [...line];
  return characters.length <= VALUE_CHARS ? line : `${characters.slice(0, VALUE_CHARS - 1).join("")}…`;
}

/** @typedef {[key: string, values?: Record<string, string | number>]} Worded */

/**
 * @param {Event} event
 * @param {Run} run
 * @param {TextTable} text
 * @returns {Worded}
 */
function worded(event, run, text) {
  const name = (/** @type {number} */ pid) => nameOf(run, pid, event.seq, text);
  switch (event.type) {
    case "run.started":
      return [event.type, { scenario: event.scenario, seed: event.seed }];
    case "run.truncated":
      return [`${event.type}.${event.what}`, { n: event.dropped }];
    case "run.finished":
      return [event.type, { outcome: say(text, `outcome.${event.outcome}`), time: duration(event.duration_us) }];
    case "message.rejected":
      return [event.type, { reason: brief(event.reason), bytes: event.bytes }];
    case "process.started":
      return [`${event.type}.${event.how}`, { parent: name(event.ppid) }];
    case "process.exec":
      return [event.type, { program: brief(event.argv.join(" ")) }];
    case "process.named":
      return [event.type, { name: event.name, pid: event.pid ?? "" }];
    case "process.stopped":
    case "process.continued":
      return [event.type, { signal: event.signal }];
    case "process.signaled":
      return signaled(event, name);
    case "process.exited":
      return "code" in event
        ? [`${event.type}.code`, { code: event.code }]
        : [`${event.type}.signal`, { signal: event.signal }];
    case "process.zombie":
      return [event.type, { cpu: duration(event.user_us + event.sys_us) }];
    case "process.reaped":
      return [event.type, { by: name(event.by) }];
    case "process.reparented":
      return [event.type, { parent: name(event.ppid), was: name(event.was) }];
    case "process.sampled":
      return sampled(event);
    case "output":
      return [`${event.type}.${event.stream}`, { text: brief(event.text) }];
    case "line.reached":
      return [event.type, { line: event.at?.line ?? "?" }];
    case "variable.set":
      return [event.shared === undefined ? event.type : `${event.type}.shared`, { name: event.name, value: brief(event.value) }];
    case "progress":
      return [event.type, { done: event.done, total: event.total }];
    case "task.submitted":
    case "task.started":
      return [event.type, { task: event.name }];
    case "task.finished":
      return event.value === null
        ? [event.type, { task: event.name }]
        : [`${event.type}.value`, { task: event.name, value: brief(event.value) }];
    case "task.failed":
      return [event.type, { task: event.name, error: brief(event.error) }];
    case "task.callback":
      return event.error === undefined
        ? [event.type, { task: event.name, value: brief(event.value) }]
        : [`${event.type}.error`, { task: event.name, error: brief(event.error) }];
    case "queue.created":
      return [
        event.capacity > 0 ? event.type : `${event.type}.endless`,
        { queue: event.name, capacity: event.capacity },
      ];
    case "queue.put":
    case "queue.get":
      return [event.type, { ...queued(run, event.queue), item: itemName(event, text), size: event.size }];
    case "queue.blocked":
    case "queue.unblocked":
    case "queue.timeout":
      return [`${event.type}.${event.op}`, queued(run, event.queue)];
    case "pipe.sent":
    case "pipe.received":
      return [event.type, { pipe: event.pipe, item: event.item, bytes: event.bytes }];
    case "sync.waiting":
    case "sync.acquired":
    case "sync.released":
    case "sync.timeout":
      return synced(event, name, text);
    default:
      unreachable(event);
      return ["unknown", { type: /** @type {{ type: string }} */ (event).type }];
  }
}

/**
 * @param {Extract<Event, { type: "process.signaled" }>} event
 * @param {(pid: number) => string} name
 * @returns {Worded}
 */
function signaled({ type, signal, from }, name) {
  if (from === "visitor") return [`${type}.visitor`, { signal }];
  return from === 0 ? [`${type}.kernel`, { signal }] : [type, { signal, from: name(from) }];
}

/**
 * @param {Extract<Event, { type: "process.sampled" }>} event
 * @returns {Worded}
 */
function sampled({ type, state, waiting }) {
  if (waiting !== undefined && state !== "R") return [`${type}.waiting`, { waiting }];
  return [`${type}.${state}`];
}

/**
 * A process that is waited for goes by the name it has now, as everywhere; the program said its first one.
 * @param {Extract<Event, { object: number }>} event
 * @param {(pid: number) => string} name
 * @param {TextTable} text
 * @returns {Worded}
 */
function synced({ type, kind, object, name: own }, name, text) {
  const key = `${type}.${kind}`;
  return [`event.${key}` in text ? key : type, { object: kind === "process" ? name(object) : own }];
}

/**
 * @param {Run} run
 * @param {number} id
 */
function queued(run, id) {
  const key = run.index.queue.get(id);
  return { queue: key === undefined ? `Queue-${id}` : run.queues.at(key).name };
}

/**
 * @param {Extract<Event, { type: "queue.put" | "queue.get" }>} event
 * @param {TextTable} text
 */
function itemName({ item, value }, text) {
  return value === undefined ? say(text, "event.item", { item }) : brief(value);
}
