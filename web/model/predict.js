/**
 * How the log of a run answers the question that its scenario asks before it.
 *
 * The card says where to look, never what is there; the tests of the scenarios look in the same way (`expect/predict.rs`).
 */

import { processAt } from "./lookup.js";

/** @import { Answer, Event, JsonValue, PredictOption, Selector } from "../protocol.js" */
/** @import { Process, Run } from "./state.js" */

/**
 * A log that has ended, and the state after it, which knows all names.
 * @typedef {{ events: readonly Event[], run: Run }} Log
 */

/**
 * The answer: a number, the value of an option, or null where the log has none.
 * @param {Answer} answer
 * @param {Log} log
 * @returns {number | string | null}
 */
export function answerOf(answer, log) {
  switch (answer.by) {
    case "count":
      return eventsOf(log, answer.of).length;
    case "most":
      return most(log, answer.from, answer.to);
    case "variable":
      return lastValue(log, answer.name, answer.process);
    case "options":
      return rightOption(log, answer.options);
  }
}

/**
 * How many spans are open at once at most.
 * @param {Log} log
 * @param {Selector} from
 * @param {Selector} to
 */
function most(log, from, to) {
  const steps = [...eventsOf(log, from).map(({ seq }) => ({ seq, step: 1 })), ...eventsOf(log, to).map(({ seq }) => ({ seq, step: -1 }))];
  // Where one event closes a span and opens another, the closing comes first.
  steps.sort((a, b) => a.seq - b.seq || a.step - b.step);
  let [open, most] = [0, 0];
  for (const { step } of steps) {
    open += step;
    most = Math.max(most, open);
  }
  return most;
}

/**
 * What a variable was last set to, if that is a number.
 * @param {Log} log
 * @param {string} name
 * @param {string | undefined} process
 */
function lastValue(log, name, process) {
  const last = eventsOf(log, { type: "variable.set", fields: { name }, ...(process === undefined ? {} : { process }) }).at(-1);
  return last?.type === "variable.set" && typeof last.value === "number" ? last.value : null;
}

/**
 * The option whose event comes first; where none comes, the one that has no event.
 * @param {Log} log
 * @param {readonly PredictOption[]} options
 */
function rightOption(log, options) {
  const come = options.flatMap(({ value, first }) => {
    const event = first && eventsOf(log, first)[0];
    return event ? [{ value, seq: event.seq }] : [];
  });
  come.sort((a, b) => a.seq - b.seq);
  return (come[0] ?? options.find(({ first }) => first === undefined))?.value ?? null;
}

/**
 * The events that are meant, in order.
 * @param {Log} log
 * @param {Selector} selector
 * @returns {Event[]}
 */
function eventsOf(log, selector) {
  return log.events.filter((event) => event.type === selector.type && isMeant(log, selector, event));
}

/**
 * @param {Log} log
 * @param {Selector} selector
 * @param {Event} event
 */
function isMeant({ run }, { process: pattern, fields = {} }, event) {
  const process = processAt(run, event.pid, event.seq);
  if (pattern !== undefined && (process === null || !means(pattern, process))) return false;
  const said = /** @type {Record<string, JsonValue | undefined>} */ (/** @type {unknown} */ (event));
  return Object.entries(fields).every(([name, wanted]) => fits(run, process, wanted, said[name]));
}

/**
 * Whether a name pattern, in which `*` stands for anything, is that of a process; one without a name is `?`.
 * @param {string} pattern
 * @param {Process} process
 */
function means(pattern, { name }) {
  return new RegExp(`^${pattern.split("*").map(literally).join("[^]*")}$`, "u").test(name ?? "?");
}

/**
 * @param {Run} run
 * @param {Process | null} process
 * @param {JsonValue} wanted
 * @param {JsonValue | undefined} value
 */
function fits(run, process, wanted, value) {
  if (typeof wanted !== "string" || typeof value !== "string" || process === null) return JSON.stringify(wanted) === JSON.stringify(value);
  return new RegExp(`^${wanted.split(/(\{[^}]*\})/).map((part) => piece(run, process, part)).join("")}$`, "u").test(value);
}

/**
 * A piece of a text pattern: a placeholder or plain text.
 * @param {Run} run
 * @param {Process} process who wrote the text
 * @param {string} part
 */
function piece(run, process, part) {
  const word = /^\{(.*)\}$/.exec(part)?.[1];
  if (word === undefined) return literally(part);
  /** @type {Record<string, string>} */
  const words = { "*": "[^]*", n: "\\d+", s: "[\\d.]+", pid: String(process.pid), ppid: String(process.birthPpid) };
  return words[word] ?? pidsOf(run, word.replace(/^pid /, ""));
}

/**
 * @param {Run} run
 * @param {string} pattern of names
 */
function pidsOf(run, pattern) {
  return `(?:${[...run.processes].filter((process) => means(pattern, process)).map(({ pid }) => pid).join("|") || "(?!)"})`;
}

/** @param {string} text */
function literally(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
