/**
 * `<sync-panel>`: locks, semaphores, events, barriers, conditions and pipes: who has each now, who waits at it since
 * when, what has gone through it.
 *
 * Data down: `view`. Wishes up: `select` (a process).
 *
 * @import { Pipe, Run, SyncState } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { duration } from "../base/duration.js";
import { say } from "../base/text.js";
import { objectName } from "../model/waits/words.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, write } from "./dom.js";
import { count } from "./words.js";

/**
 * @typedef {object} SyncView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 * @property {number} now
 */

/**
 * What the panel tells of a thing. `pipe` for pipes only.
 * @typedef {object} Thing
 * @property {string} key
 * @property {SyncState | null} object null for a pipe at which nobody ever waited
 * @property {Pipe | null} pipe
 */

/** @typedef {{ process: number, since: number, waits: boolean }} User somebody who has it, or waits for it */

/** How many things are listed, and how many users of each. */
const MOST = 24;

export class SyncPanel extends HTMLElement {
  /** @param {SyncView} view */
  set view(view) {
    keyed(this, thingsOf(view.run).slice(0, MOST), ({ key }) => key, makeThing, (node, thing) => updateThing(node, thing, view));
  }
}

/**
 * What there is to show: processes and tasks are waited for, too, but have views of their own.
 * @param {Run} run
 * @returns {Thing[]}
 */
export function thingsOf({ objects, pipes, index }) {
  /** @type {Thing[]} */
  const things = [];
  for (const object of objects) {
    if (["process", "task", "pipe"].includes(object.kind)) continue;
    things.push({ key: `object ${object.key}`, object, pipe: null });
  }
  const waited = [...objects].filter(({ kind }) => kind === "pipe");
  for (const id of new Set([...[...pipes].map((pipe) => pipe.id), ...waited.map((object) => object.id)])) {
    const key = index.pipe.get(id);
    things.push({ key: `pipe ${id}`, object: waited.find((object) => object.id === id) ?? null, pipe: key === undefined ? null : pipes.at(key) });
  }
  return things;
}

function makeThing() {
  return h("div", { class: "thing" },
    h("p", { class: "head" }, h("b", {}), h("span", { class: "state" }), h("span", { class: "spring" }), h("span", { class: "traffic hint" })),
    h("ul", { class: "users" }));
}

/**
 * @param {HTMLElement} node
 * @param {Thing} thing
 * @param {SyncView} view
 */
function updateThing(node, thing, view) {
  const { text } = view;
  const { object, pipe } = thing;
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  write(part("b"), object ? objectName(text, object) : `Pipe-${pipe?.id}`);
  const holders = object?.holders ?? [];
  attribute(part(".state"), "data-state", holders.length > 0 ? "stopped" : "waiting");
  write(part(".state"), stateWords(text, thing));
  write(part(".traffic"), trafficWords(text, thing));
  /** @type {User[]} */
  const users = [...holders.map((user) => ({ ...user, waits: false })), ...(object?.waiters ?? []).map((user) => ({ ...user, waits: true }))];
  keyed(part(".users"), users.slice(0, MOST), ({ process, since, waits }) => `${process} ${since} ${waits}`, makeUser, (line, user) => updateUser(line, user, view));
}

/**
 * @param {TextTable} text
 * @param {Thing} thing
 */
function stateWords(text, { object, pipe }) {
  const waiting = object?.waiters.length ?? 0;
  const holders = object?.holders.length ?? 0;
  if (object?.kind === "lock") return say(text, holders > 0 ? "sync.held" : "sync.free");
  if (object?.kind === "semaphore") return count(text, "sync.units", { n: holders });
  if (pipe) return count(text, "sync.underway", { n: Math.max(0, pipe.sent - pipe.received) });
  return waiting > 0 ? count(text, "sync.waiting", { n: waiting }) : say(text, "sync.nobody");
}

/**
 * @param {TextTable} text
 * @param {Thing} thing
 */
function trafficWords(text, { object, pipe }) {
  if (pipe) return say(text, "sync.traffic", { sent: pipe.sent, received: pipe.received });
  return object && object.holds.length > 0 ? count(text, "sync.taken", { n: object.holds.length }) : "";
}

function makeUser() {
  return h("li", {}, makeChip(), h("b", {}), h("span", {}));
}

/**
 * @param {HTMLElement} line
 * @param {User} user
 * @param {SyncView} view
 */
function updateUser(line, { process: key, since, waits }, { text, run, selection, now }) {
  const process = run.processes.at(key);
  const [chip, name, words] = line.children;
  const chosen = selection?.kind === "process" && selection.key === key;
  const isDead = process.exited !== null;
  attribute(line, "data-waits", waits);
  attribute(line, "data-dead", isDead);
  if (chip instanceof HTMLButtonElement) updateChip(chip, process, { chosen, label: `${process.label} · ${process.pid}` });
  if (name) write(name, process.label);
  const time = duration(Math.max(0, now - since));
  if (words) write(words, say(text, waits ? "sync.waits" : isDead ? "sync.dead" : "sync.has", { time }));
}

customElements.define("sync-panel", SyncPanel);
