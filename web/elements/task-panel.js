/**
 * `<task-panel>`: the tasks of a pool: how many wait, run and are done, and what came of each.
 *
 * Data down: `view`. Wishes up: `select` (a task).
 *
 * @import { JsonValue } from "../protocol.js"
 * @import { Run, Task } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 * @import { Selection } from "./words.js"
 */

import { duration } from "../base/duration.js";
import { say } from "../base/text.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour, byKey } from "./words.js";

/**
 * @typedef {object} TaskView
 * @property {TextTable} text
 * @property {Run} run
 * @property {Selection} selection
 * @property {number} now
 */

/** How many tasks are listed: the newest. */
const MOST = 50;

export class TaskPanel extends HTMLElement {
  #counts = h("p", { class: "head" });
  #earlier = h("p", { class: "hint" });
  #list = h("ol", { class: "tasks" });

  connectedCallback() {
    this.append(this.#counts, this.#earlier, this.#list);
  }

  /** @param {TaskView} view */
  set view(view) {
    const { tasks } = view.run;
    write(this.#counts, counts(view));
    const first = Math.max(0, tasks.length - MOST);
    this.#earlier.hidden = first === 0;
    write(this.#earlier, say(view.text, "pool.earlier", { n: first }));
    const newest = tasks.from(first);
    keyed(this.#list, newest, ({ key }) => key, makeTask, (node, task) => updateTask(node, task, view));
  }
}

/** @param {TaskView} view */
function counts({ text, run }) {
  const of = { submitted: 0, running: 0, finished: 0, failed: 0, lost: 0 };
  for (const { state } of run.tasks) of[state] += 1;
  const parts = [say(text, "pool.counts", { submitted: run.tasks.length, running: of.running, finished: of.finished })];
  if (of.failed > 0) parts.push(say(text, "pool.failed", { n: of.failed }));
  if (of.lost > 0) parts.push(say(text, "pool.lost", { n: of.lost }));
  return parts.join(" · ");
}

function makeTask() {
  return h("li", {}, h("button", { type: "button", class: "task" },
    h("span", { class: "dot" }), h("b", {}), h("span", { class: "result" }), h("span", { class: "time mono" }), h("span", { class: "state" })));
}

/**
 * @param {HTMLElement} node
 * @param {Task} task
 * @param {TaskView} view
 */
function updateTask(node, task, { text, run, selection, now }) {
  const button = /** @type {HTMLElement} */ (node.firstElementChild);
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (node.querySelector(name));
  node.style.setProperty("--own", task.worker === null ? "var(--line)" : colour(byKey(run, task.worker)));
  attribute(node, "data-task", task.key);
  attribute(button, "aria-pressed", String(selection?.kind === "task" && selection.key === task.key));
  button.onclick = () => wish(button, "select", { kind: "task", key: task.key });
  write(part("b"), task.name);
  write(part(".result"), task.error ?? shown(task.value));
  attribute(part(".result"), "title", task.error ?? shown(task.value));
  write(part(".time"), task.started ? duration((task.ended?.t ?? now) - task.started.t) : "");
  attribute(part(".state"), "data-state", { submitted: "waiting", running: "running", finished: "reaped", failed: "zombie", lost: "zombie" }[task.state]);
  write(part(".state"), say(text, `task.${task.state}`));
}

/** @param {JsonValue | undefined} value */
function shown(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

customElements.define("task-panel", TaskPanel);
