/**
 * The four signals that a visitor may send, as all views show them, and when each of them would change something.
 *
 * @import { VisitorSignal } from "../protocol.js"
 * @import { Process } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";

/** Who may send signals: nobody yet, whose run it is, somebody who only watches, nobody any more. @typedef {"none" | "own" | "viewer" | "over"} May */

/**
 * `key`: on a process in the tree, by `KeyboardEvent.code`.
 * @type {readonly { signal: VisitorSignal, path: string, key: string }[]}
 */
export const SIGNALS = [
  { signal: "SIGSTOP", key: "KeyP", path: "M4 3h3v10H4zM9 3h3v10H9z" },
  { signal: "SIGCONT", key: "KeyC", path: "M4 2.5v11l9-5.5z" },
  { signal: "SIGTERM", key: "Delete", path: "M3.5 3.5h9v9h-9z" },
  { signal: "SIGKILL", key: "KeyK", path: "M4.4 3 8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8 3 4.4z" },
];

/**
 * Whether a signal would change something now: a dead process takes none, a stopped one need not be stopped.
 * @param {Process | null} process
 * @param {string} signal
 * @param {May} may
 */
export function isOfUse(process, signal, may) {
  if (process === null || process.exited !== null || may !== "own") return false;
  const isStopped = process.state === "stopped";
  return signal === "SIGCONT" ? isStopped : signal !== "SIGSTOP" || !isStopped;
}

/**
 * What a signal does, its name, and its key.
 * @param {TextTable} text
 * @param {string} signal
 */
export function signalWords(text, signal) {
  return `${say(text, `signal.${signal}`)} ${signal}`;
}

/**
 * The keycap of a signal's key.
 * @param {string} code
 */
export function keycap(code) {
  return code === "Delete" ? "Del" : code.replace("Key", "");
}
