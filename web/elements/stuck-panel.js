/**
 * `<stuck-panel>`: who waits for whom and can never go on, in words, with the processes to press. Nothing is shown
 * while there is hope.
 *
 * Data down: `view`. Wishes up: `select`.
 *
 * @import { Run } from "../model/state.js"
 * @import { Finding } from "../model/waits.js"
 * @import { Need } from "../model/waits/needs.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { say } from "../base/text.js";
import { clause, sinceWords, taskWords, waitWords } from "../model/waits/words.js";
import { makeChip, updateChip } from "./chip.js";
import { attribute, h, keyed, write } from "./dom.js";

/**
 * @typedef {object} StuckView
 * @property {TextTable} text
 * @property {Run} run the state in which they were found
 * @property {readonly Finding[]} findings
 * @property {number} now µs of the run
 * @property {boolean} isOver whether the run was ended in this state
 * @property {Selection} selection
 */

export class StuckPanel extends HTMLElement {
  #list = h("div", { class: "findings", role: "region" });
  /** Told once to those who do not see it; the time, which goes on, is left out. */
  #news = h("p", { class: "unseen", role: "status" });

  connectedCallback() {
    this.append(this.#list, this.#news);
  }

  /** @param {StuckView} view */
  set view(view) {
    const { text, run, findings } = view;
    this.#list.hidden = findings.length === 0;
    attribute(this.#list, "aria-label", say(text, "stuck.title"));
    write(this.#news, findings.map((finding) => newsOf(text, run, finding)).join(" "));
    keyed(this.#list, view.findings, keyOf, makeFinding, (node, finding) => updateFinding(node, finding, view));
  }
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {Finding} finding
 */
function newsOf(text, run, { kind, needs }) {
  return [say(text, `stuck.${kind}`), ...needs.map((need) => clause(text, run, need))].join(say(text, "stuck.and"));
}

/** @param {Finding} finding */
function keyOf({ kind, needs }) {
  return `${kind} ${needs.map(({ process }) => process)}`;
}

function makeFinding() {
  return h("section", { class: "stuck" }, h("p", { class: "verdict" }, h("b", {}), h("span", { class: "mono" })), h("ol", {}), h("div", { class: "why" }));
}

/**
 * @param {HTMLElement} node
 * @param {Finding} finding
 * @param {StuckView} view
 */
function updateFinding(node, finding, view) {
  const { text, now, isOver } = view;
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  write(part("b"), say(text, `stuck.${finding.kind}`));
  write(part(".mono"), say(text, isOver ? "stuck.until" : "stuck.for", { time: sinceWords(finding, now) }));
  const lines = [...finding.needs, ...finding.followers];
  keyed(part(".why"), finding.tasks, (key) => key, () => h("p", {}), (line, key) => write(line, taskWords(text, view.run, key)));
  keyed(part("ol"), lines, ({ process, thing }) => JSON.stringify([process, thing]), makeLine, (line, need) => updateLine(line, need, finding, view));
}

function makeLine() {
  return h("li", {}, makeChip(), h("b", {}), h("span", {}));
}

/**
 * @param {HTMLElement} line
 * @param {Need} need
 * @param {Finding} finding
 * @param {StuckView} view
 */
function updateLine(line, need, finding, { text, run, selection }) {
  const process = run.processes.at(need.process);
  const [chip, name, words] = line.children;
  const chosen = selection?.kind === "process" && selection.key === process.key;
  attribute(line, "data-follows", finding.followers.includes(need));
  if (chip instanceof HTMLButtonElement) updateChip(chip, process, { chosen, label: `${process.label} · ${process.pid}` });
  if (name) write(name, process.label);
  if (words) write(words, waitWords(text, run, need));
}

customElements.define("stuck-panel", StuckPanel);
