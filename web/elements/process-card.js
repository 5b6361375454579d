/**
 * `<process-card>`: the kernel's receipt of one process: what the kernel says of it, beside what the program says where
 * it says anything, ticked where they agree.
 *
 * Data down: `view`.
 *
 * @import { Process, Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { duration, memory, seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { needsOf } from "../model/waits/needs.js";
import { waitWords } from "../model/waits/words.js";
import { attribute, h, keyed, write } from "./dom.js";
import { colour, nameOf, waitingFor } from "./words.js";

/**
 * @typedef {object} CardView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Process | null} process
 */

/** @typedef {{ key: string, label: string, value: string, said?: string, agrees?: boolean }} Line `said`: by the program */

export class ProcessCard extends HTMLElement {
  #empty = h("p", { class: "empty" });
  #name = h("b", {});
  #state = h("span", { class: "state" });
  #head = h("p", { class: "who" }, h("span", { class: "dot" }), this.#name, this.#state);
  #list = h("dl", { class: "receipt" });

  connectedCallback() {
    this.append(this.#empty, this.#head, this.#list);
  }

  /** @param {CardView} view */
  set view({ text, run, process }) {
    this.#empty.hidden = process !== null;
    this.#head.hidden = this.#list.hidden = process === null;
    write(this.#empty, say(text, "card.empty"));
    if (process === null) return;
    this.#head.style.setProperty("--own", colour(process));
    write(this.#name, process.label);
    write(this.#state, say(text, `state.${process.state}`));
    attribute(this.#state, "data-state", process.state);
    keyed(this.#list, linesOf(text, run, process), ({ key }) => key, makeLine, (node, line) => updateLine(node, line, text));
  }
}

function makeLine() {
  return h("div", {}, h("dt", {}), h("dd", {}, h("span", { class: "mono" }), h("span", { class: "agrees" })));
}

/**
 * @param {HTMLElement} node
 * @param {Line} line
 * @param {TextTable} text
 */
function updateLine(node, { label, value, said, agrees }, text) {
  const [term, fact, tick] = ["dt", "dd .mono", "dd .agrees"].map((part) => /** @type {HTMLElement} */ (node.querySelector(part)));
  if (!term || !fact || !tick) return;
  write(term, label);
  write(fact, value);
  tick.hidden = said === undefined;
  write(tick, agrees ? `✓ ${said}` : `${said}`);
  tick.title = `${say(text, "card.program")}: ${said}`;
  attribute(tick, "data-agrees", agrees);
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
  const printed = pidsPrinted(run, process);
  const told = (/** @type {number} */ pid) => (printed.has(pid) ? { said: say(text, "card.program.said", { pid }), agrees: true } : {});
  const lines = [
    { key: "pid", label: say(text, "card.pid"), value: String(process.pid), ...told(process.pid) },
    { key: "parent", label: say(text, "card.parent"), value: `${process.birthPpid} ${nameOf(text, run, process.birthPpid)}`, ...told(process.birthPpid) },
  ];
  if (process.ppid !== process.birthPpid) {
    lines.push({ key: "now", label: say(text, "card.parent.now"), value: `${process.ppid} ${nameOf(text, run, process.ppid)}`, ...told(process.ppid) });
  }
  return [...lines, { key: "how", label: say(text, "card.how"), value: `${process.how} · ${seconds(process.started.t, 3)} s` }];
}

/**
 * The numbers that a process printed which are pids of the run.
 * @param {Run} run
 * @param {Process} process
 * @returns {Set<number>}
 */
function pidsPrinted(run, { output }) {
  const pids = new Set();
  for (const place of [...output.from(0)].slice(0, 20)) {
    for (const [digits] of run.output.at(place).text.matchAll(/\d{2,7}/g)) pids.add(Number(digits));
  }
  return pids;
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
function end(text, run, { exited, reaped }) {
  const status = exited === null ? say(text, "card.exit.none") : (exited.signal ?? say(text, "card.code", { code: exited.code ?? "" }));
  const lines = [{ key: "exit", label: say(text, "card.exit"), value: exited ? `${status} · ${seconds(exited.t, 3)} s` : status }];
  if (exited) {
    const by = reaped && say(text, "card.reaped.by", { time: `${seconds(reaped.t, 3)} s`, name: nameOf(text, run, reaped.by) });
    lines.push({ key: "reaped", label: say(text, "card.reaped"), value: by ?? say(text, "card.reaped.none") });
  }
  return lines;
}

customElements.define("process-card", ProcessCard);
