/**
 * `<queue-panel>`: what lies in each queue now, how full it is, and who waits at it since when.
 *
 * Data down: `view`. Wishes up: `select` (an item or a process).
 *
 * @import { Item, Queue, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { duration } from "../base/duration.js";
import { say } from "../base/text.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour, byKey } from "./words.js";

/**
 * @typedef {object} QueueView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 * @property {number} now
 */

/** How many slots are drawn at most; a deeper queue says its number. */
const SLOTS = 24;

export class QueuePanel extends HTMLElement {
  /** @param {QueueView} view */
  set view(view) {
    keyed(this, view.run.queues, ({ key }) => key, makeQueue, (node, queue) => updateQueue(node, queue, view));
  }
}

function makeQueue() {
  return h("div", { class: "queue" },
    h("p", { class: "head" }, h("b", {}), h("span", { class: "level mono" }), h("span", { class: "state" }), h("span", { class: "spring" }), h("span", { class: "traffic hint" })),
    h("ol", { class: "slots" }),
    h("ul", { class: "blocked" }));
}

/**
 * @param {HTMLElement} node
 * @param {Queue} queue
 * @param {QueueView} view
 */
function updateQueue(node, queue, view) {
  const { text } = view;
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  const { name, size, capacity } = queue;
  write(part("b"), name);
  write(part(".level"), say(text, capacity > 0 ? "queue.level" : "queue.level.endless", { size, capacity }));
  const isFull = capacity > 0 && size >= capacity;
  part(".state").hidden = !isFull && size > 0;
  attribute(part(".state"), "data-state", isFull ? "stopped" : "waiting");
  write(part(".state"), say(text, isFull ? "queue.full" : "queue.bare"));
  const put = queue.items.length;
  write(part(".traffic"), say(text, "queue.traffic", { put, get: put - size }));
  attribute(part(".slots"), "aria-label", say(text, "queue.level.words", { name, size, capacity: capacity || "∞" }));
  keyed(part(".slots"), slotsOf(queue, view.run), (slot) => slot.key, makeSlot, (slot, data) => updateSlot(slot, data.item, view));
  keyed(part(".blocked"), queue.blocked, ({ process, op }) => `${process}${op}`, makeBlocked, (line, blocked) => updateBlocked(line, blocked, view));
}

/**
 * The items in the queue, the next to be taken first, then the free places.
 * @param {Queue} queue
 * @param {Run} run
 * @returns {{ key: string, item: Item | null }[]}
 */
function slotsOf({ items, head, capacity, size }, run) {
  /** @type {{ key: string, item: Item | null }[]} */
  const slots = [];
  for (const key of items.from(head)) {
    const item = run.items.at(key);
    if (item.got === null) slots.push({ key: `item-${key}`, item });
    if (slots.length === Math.min(SLOTS, size)) break;
  }
  const free = Math.min(SLOTS, capacity || Math.max(5, size)) - slots.length;
  for (let place = 0; place < free; place += 1) slots.push({ key: `free-${place}`, item: null });
  return slots;
}

function makeSlot() {
  return h("li", {});
}

/**
 * @param {HTMLElement} node
 * @param {Item | null} item
 * @param {QueueView} view
 */
function updateSlot(node, item, { text, run, selection }) {
  if (item === null || node.childElementCount > 0) {
    const button = node.firstElementChild;
    if (button && item) attribute(button, "aria-pressed", String(selection?.kind === "item" && selection.key === item.key));
    return;
  }
  const words = item.value === undefined ? say(text, "queue.item", { item: item.id }) : short(item.value);
  const select = () => wish(node, "select", { kind: "item", key: item.key });
  node.append(h("button", { type: "button", title: words, "aria-pressed": "false", onclick: select }, words));
  attribute(node, "data-item", item.key);
  node.style.setProperty("--own", colour(byKey(run, item.put?.process)));
}

/** @param {import("../protocol.js").JsonValue} value */
function short(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function makeBlocked() {
  return h("li", {}, makeChip(), h("b", {}), h("span", {}));
}

/**
 * @param {HTMLElement} node
 * @param {{ process: number, op: string, since: number }} blocked
 * @param {QueueView} view
 */
function updateBlocked(node, { process: key, op, since }, { text, run, selection, now }) {
  const process = run.processes.at(key);
  const [chip, name, words] = node.children;
  const chosen = selection?.kind === "process" && selection.key === key;
  if (chip instanceof HTMLButtonElement) updateChip(chip, process, { chosen, label: `${process.label} · ${process.pid}` });
  if (name) write(name, process.label);
  if (words) write(words, say(text, `queue.blocked.${op}`, { time: duration(Math.max(0, now - since)) }));
}

customElements.define("queue-panel", QueuePanel);
