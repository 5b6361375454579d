/**
 * `<process-card>`: the kernel's receipt of the selected process in full: what the kernel says of it, beside what the
 * program says where it says anything, ticked where they agree. Without a selection there is no card.
 *
 * Data down: `view`. Wish up: `select` (nothing).
 *
 * @import { Claim } from "../model/receipt.js"
 * @import { Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { duration, memory, seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { claimsOf } from "../model/receipt.js";
import { needsOf } from "../model/waits/needs.js";
import { waitWords } from "../model/waits/words.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour, nameOf, waitingFor } from "./words.js";

/**
 * @typedef {object} CardView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Process | null} process
 */

/** @typedef {{ key: string, label: string, value: string, said?: string, agrees?: boolean }} Line `said`: by the program */

export class ProcessCard extends HTMLElement {
  #name = h("b", {});
  #state = h("span", { class: "state" });
  #close = h("button", { type: "button", class: "button quiet small", onclick: () => wish(this, "select", null) }, "×");
  #head = h("p", { class: "who" }, h("span", { class: "dot" }), this.#name, this.#state, h("span", { class: "spring" }), this.#close);
  #list = h("dl", { class: "receipt" });

  connectedCallback() {
    this.append(this.#head, this.#list);
  }

  /** @param {CardView} view */
  set view({ text, run, process }) {
    this.hidden = process === null;
    if (process === null) return;
    this.#head.style.setProperty("--own", colour(process));
    write(this.#name, process.label);
    attribute(this.#close, "aria-label", say(text, "card.close"));
    attribute(this.#close, "title", say(text, "card.close"));
    write(this.#state, say(text, `state.${process.state}`));
    attribute(this.#state, "data-state", process.state);
    keyed(this.#list, linesOf(text, run, process), ({ key }) => key, makeLine, updateLine);
  }
}

function makeLine() {
  return h("div", {}, h("dt", {}), h("dd", {}, h("span", { class: "mono" }), h("span", { class: "agrees" })));
}

/**
 * @param {HTMLElement} node
 * @param {Line} line
 */
function updateLine(node, { label, value, said, agrees }) {
  const [term, fact, tick] = ["dt", "dd .mono", "dd .agrees"].map((part) => /** @type {HTMLElement} */ (node.querySelector(part)));
  if (!term || !fact || !tick) return;
  write(term, label);
  write(fact, value);
  tick.hidden = said === undefined;
  write(tick, agrees === undefined ? (said ?? "") : `${agrees ? "✓" : "✗"} ${said}`);
  attribute(tick, "data-agrees", agrees === undefined ? null : String(agrees));
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @returns {Line[]}
 */
function linesOf(text, run, process) {
  return [...origin(text, run, process), ...use(text, run, process), ...end(text, run, process)];
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @returns {Line[]}
 */
function origin(text, run, process) {
  const { name, how, started, birthPpid, ppid } = process;
  const told = (/** @type {Claim["about"]} */ about) => toldOf(text, run, process, about);
  const lines = [
    { key: "pid", label: say(text, "card.pid"), value: String(process.pid), ...told("pid") },
    { key: "parent", label: say(text, "card.parent"), value: `${birthPpid} ${nameOf(text, run, birthPpid)}`, ...told("parent") },
  ];
  if (ppid !== birthPpid) lines.push({ key: "now", label: say(text, "card.parent.now"), value: `${ppid} ${nameOf(text, run, ppid)}` });
  if (name !== null) lines.push({ key: "name", label: say(text, "card.name"), value: name });
  return [...lines, { key: "how", label: say(text, "card.how"), value: `${how} · ${seconds(started.t, 3)} s` }];
}

/**
 * What the program says of it, and whether that is true.
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @param {Claim["about"]} about
 * @returns {{ said?: string, agrees?: boolean }}
 */
function toldOf(text, run, { key }, about) {
  const claim = claimsOf(run).get(key)?.find((one) => one.about === about);
  return claim ? { said: say(text, "card.program.said", { said: claim.said }), agrees: claim.agrees } : {};
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @returns {Line[]}
 */
function use(text, run, process) {
  const { zombie, sample, waiting } = process;
  if (zombie) {
    return [
      { key: "cpu", label: say(text, "card.cpu"), value: duration(zombie.user_us + zombie.sys_us) },
      { key: "memory", label: say(text, "card.memory.peak"), value: memory(zombie.max_rss_kib) },
      ...ofItsOwn(text, process),
    ];
  }
  /** @type {Line[]} */
  const lines = [];
  if (sample) lines.push({ key: "cpu", label: say(text, "card.cpu"), value: duration(sample.cpu_us) });
  if (sample) lines.push({ key: "memory", label: say(text, "card.memory"), value: memory(sample.rss_kib) });
  lines.push(...ofItsOwn(text, process));
  const need = waiting && waiting.on !== "kernel" ? needsOf(run, process).at(-1) : undefined;
  const words = need ? waitWords(text, run, need) : waitingFor(text, run, process);
  const kernel = waiting?.on === "kernel" ? waiting.words : sample?.waiting;
  if (words || kernel) lines.push({ key: "waiting", label: say(text, "card.waiting"), value: kernel ?? words, ...(kernel && words ? { said: words } : {}) });
  return lines;
}

/**
 * The memory that it shares with nobody, as last measured: what fork copied because somebody wrote to it.
 * @param {TextTable} text
 * @param {Process} process
 * @returns {Line[]}
 */
function ofItsOwn(text, { sample }) {
  const kib = sample?.private_kib ?? null;
  return kib === null ? [] : [{ key: "private", label: say(text, "card.memory.private"), value: memory(kib) }];
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Process} process
 * @returns {Line[]}
 */
function end(text, run, process) {
  const { exited, reaped } = process;
  const status = exited === null ? say(text, "card.exit.none") : (exited.signal ?? say(text, "card.code", { code: exited.code ?? "" }));
  const told = toldOf(text, run, process, "exit");
  const lines = [{ key: "exit", label: say(text, "card.exit"), value: exited ? `${status} · ${seconds(exited.t, 3)} s` : status, ...told }];
  if (exited) {
    const by = reaped && say(text, "card.reaped.by", { time: `${seconds(reaped.t, 3)} s`, name: nameOf(text, run, reaped.by) });
    lines.push({ key: "reaped", label: say(text, "card.reaped"), value: by ?? say(text, "card.reaped.none") });
  }
  return lines;
}

customElements.define("process-card", ProcessCard);
