/**
 * What has happened in a stretch of a run, in one short summary: for those who listen instead of looking. The most
 * telling comes first, and what is left out for want of room is the least.
 */

import { say } from "../base/text.js";
import { nameOf, sentence } from "./sentence.js";

/** @import { TextTable } from "../base/text.js" */
/** @import { Event } from "../protocol.js" */
/** @import { Run } from "./state.js" */

/** The most clauses of a summary. */
const MOST = 3;

/** What each process did so often, with the sentence for it. */
const COUNTED = { "queue.put": "digest.put", "queue.get": "digest.got", "task.finished": "digest.tasks", "task.failed": "digest.failed", output: "digest.lines" };

/**
 * @param {readonly Event[]} events one after the other
 * @param {Run} run a state at or after them
 * @param {TextTable} text
 * @returns {string} empty when nothing is worth a word
 */
export function digest(events, run, text) {
  const clauses = [...signals(events, run, text), ...births(events, run, text), ...ends(events, run, text), ...waits(events, run, text), ...deeds(events, run, text)];
  return clauses.slice(0, MOST).join(say(text, "stuck.and"));
}

/**
 * @param {readonly Event[]} events
 * @param {Run} run
 * @param {TextTable} text
 */
function signals(events, run, text) {
  return events.filter((event) => event.type === "process.signaled" && event.from === "visitor").map((event) => sentence(event, run, text));
}

/**
 * @param {readonly Event[]} events
 * @param {Run} run
 * @param {TextTable} text
 */
function births(events, run, text) {
  const born = events.filter(({ type }) => type === "process.started");
  if (born.length < 2) return born.map((event) => sentence(event, run, text));
  return [say(text, "digest.started", { n: born.length })];
}

/**
 * Each end that went wrong; the others by number.
 * @param {readonly Event[]} events
 * @param {Run} run
 * @param {TextTable} text
 */
function ends(events, run, text) {
  const gone = events.filter((event) => event.type === "process.exited");
  const isGood = (/** @type {Event} */ event) => "code" in event && event.code === 0;
  const good = gone.filter(isGood);
  const bad = gone.filter((event) => !isGood(event)).map((event) => sentence(event, run, text));
  return [...bad, ...(good.length < 2 ? good.map((event) => sentence(event, run, text)) : [say(text, "digest.exited", { n: good.length })])];
}

/**
 * Who stands still now, having begun to in this stretch.
 * @param {readonly Event[]} events
 * @param {Run} run
 * @param {TextTable} text
 */
function waits(events, run, text) {
  const began = events.filter(({ type, pid }) => type === "queue.blocked" && run.processes.at(run.index.pid.get(pid ?? 0) ?? 0).waiting?.on === "queue");
  return began.slice(-1).map((event) => sentence(event, run, text));
}

/**
 * What each did how often.
 * @param {readonly Event[]} events
 * @param {Run} run
 * @param {TextTable} text
 */
function deeds(events, run, text) {
  /** @type {Map<string, { key: string, who: string, n: number }>} */
  const counts = new Map();
  for (const { type, pid, seq } of events) {
    const key = COUNTED[/** @type {keyof typeof COUNTED} */ (type)];
    if (key === undefined) continue;
    const one = counts.get(`${key} ${pid}`) ?? { key, who: nameOf(run, pid, seq, text), n: 0 };
    counts.set(`${key} ${pid}`, { ...one, n: one.n + 1 });
  }
  const rank = Object.values(COUNTED);
  const sorted = [...counts.values()].sort((a, b) => rank.indexOf(a.key) - rank.indexOf(b.key) || b.n - a.n);
  return sorted.map(({ key, who, n }) => say(text, n === 1 && `${key}.one` in text ? `${key}.one` : key, { who, n }));
}
