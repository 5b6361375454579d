/**
 * One row of the tree: the fold, the process and what it does, its numbers, its state, and at hand the signals.
 *
 * @import { Process, Run } from "../../model/state.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { TreeView } from "../process-tree.js"
 * @import { Row } from "./rows.js"
 */

import { duration, memory } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { attribute, h, icon, wish, write } from "../dom.js";
import { SIGNALS, isOfUse, signalWords } from "../signals.js";
import { explain, reword } from "../term.js";
import { colour, count, doing, nameOf } from "../words.js";
import { sumsOf } from "./rows.js";

/** @param {TextTable} text */
export function makeRow(text) {
  const state = h("span", { class: "state" });
  explain(state, () => meaningOf(text, state.dataset.state ?? ""));
  const signals = SIGNALS.map(({ signal, path }) => h("button", { type: "button", tabindex: -1, "data-signal": signal, title: signalWords(text, signal) }, icon(path)));
  return h("div", { class: "row", role: "treeitem" },
    h("button", { type: "button", class: "fold", tabindex: -1, "aria-hidden": "true" }),
    h("span", { class: "dot" }),
    h("span", { class: "name" }, h("b", {}), " ", h("span", { class: "does" })),
    h("span", { class: "sums mono" }), h("span", { class: "pid mono" }), state,
    h("span", { class: "at-hand", "aria-hidden": "true" }, ...signals));
}

/** An orphan's place below its first parent. */
export function makeGhost() {
  return h("div", { class: "row ghost", "aria-hidden": "true" }, h("span", { class: "dot" }), h("span", { class: "name" }, h("s", {}), h("span", { class: "does" })));
}

/**
 * @param {HTMLElement} node
 * @param {Process} process
 * @param {TreeView} view
 */
export function fillGhost(node, process, { text, run }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  write(part("s"), process.label);
  write(part(".does"), say(text, "tree.ghost", { name: nameOf(text, run, process.ppid) }));
  node.onclick = () => wish(node, "select", { kind: "process", key: process.key });
}

/**
 * @param {HTMLElement} node
 * @param {Row} row
 * @param {boolean} isFolded
 * @param {TreeView} view
 */
export function fillRow(node, { process, key, below }, isFolded, { text, run, now, codeAt, may }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  part(".dot").classList.toggle("square", process === null);
  write(part(".name b"), process?.label ?? say(text, "tree.supervisor"));
  write(part(".does"), process ? doesWords(text, process, doing(text, run, process, now, codeAt)) : say(text, "tree.supervisor.does"));
  write(part(".pid"), String(process?.pid ?? run.head?.supervisor ?? ""));
  write(part(".sums"), isFolded ? sumWords(text, run, key) : process ? used(process) : "");
  part(".fold").hidden = below === 0;
  const state = process?.state ?? (run.finish ? "reaped" : "waiting");
  attribute(part(".state"), "data-state", state);
  write(part(".state"), say(text, `state.${state}`));
  reword(part(".state"));
  attribute(node, "aria-description", state === "zombie" ? meaningOf(text, state) : null);
  part(".at-hand").hidden = process === null || process.exited !== null || may !== "own";
  for (const button of node.querySelectorAll("[data-signal]")) attribute(button, "disabled", !isOfUse(process, /** @type {HTMLElement} */ (button).dataset.signal ?? "", may));
  node.style.setProperty("--own", colour(process));
}

/**
 * What a process does. Of the first it is said once, here, that this is what programs and texts call the main process.
 * @param {TextTable} text
 * @param {Process} process
 * @param {string} does
 */
function doesWords(text, { role }, does) {
  return role === "main" ? [say(text, "tree.main"), does].filter((words) => words !== "").join(" · ") : does;
}

/**
 * What the word of a state means, for those that few know.
 * @param {TextTable} text
 * @param {string} state
 */
function meaningOf(text, state) {
  if (state === "zombie") return say(text, "term.zombie.means");
  return state === "reaped" ? say(text, "term.reaped.means") : "";
}

/** @param {Process} process */
function used({ zombie, sample }) {
  if (zombie) return duration(zombie.user_us + zombie.sys_us);
  return sample ? `${duration(sample.cpu_us)}  ${memory(sample.rss_kib)}` : "";
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {number} key
 */
function sumWords(text, run, key) {
  const { processes, cpu_us, rss_kib, lines } = sumsOf(run, key);
  const parts = [count(text, "tree.sum.processes", { n: processes }), duration(cpu_us), ...(rss_kib > 0 ? [memory(rss_kib)] : []), count(text, "tree.sum.lines", { n: lines })];
  return `Σ ${parts.join(" · ")}`;
}
