/**
 * `<run-bar>`: Run, Stop, and in words how the run stands.
 *
 * Data down: `view`. Wishes up: `run`, `stop`.
 *
 * @import { Run } from "../model/state.js"
 * @import { Finding } from "../model/waits.js"
 * @import { TextTable } from "../base/text.js"
 */

import { seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { attribute, h, icon, wish, write } from "./dom.js";
import { count } from "./words.js";

/**
 * How far a run has come. `refused`: it never began, `full`: it did not yet, and the server is asked again, `unbegun`: it
 * was stopped in the line, `gone`: the server no longer has it, `recorded`: it is of another day.
 * @typedef {{ kind: "idle" | "starting" | "running" | "stopping" | "finished" | "unbegun" | "recorded" }
 *   | { kind: "queued", position: number, eta_s: number }
 *   | { kind: "full", code: string, message: string, wait_s: number }
 *   | { kind: "refused" | "gone", message: string }} Phase
 */

/** @typedef {"open" | "connecting" | "reconnecting" | "offline"} Link the socket, as the reader feels it */

/**
 * @typedef {object} BarView
 * @property {TextTable} text
 * @property {Phase} phase
 * @property {Link} link
 * @property {Run} run the newest state, whatever moment is looked at
 * @property {number} now microseconds since the run began, as far as it has come
 * @property {string} recorded of a recorded run, when and with what it was made
 * @property {boolean} hasTwins whether the scenario has programs in several languages
 * @property {Finding["kind"] | null} stuck whether some wait for ever, at the moment one looks at
 * @property {boolean} own whether the run belongs to this reader
 * @property {readonly string[]} strange what is wrong with the address beyond the fields
 * @property {number | null} lookedAt the past moment one looks at while the run goes on, in microseconds
 * @property {boolean} isChanged whether the controls say something else than the run was started with
 */

const PLAY = "M4 2.5v11l9-5.5z";
const STOP = "M3.5 3.5h9v9h-9z";
const BUSY = new Set(["starting", "full", "queued", "running", "stopping"]);
/** What needs no server any more. */
const SETTLED = new Set(["finished", "unbegun", "gone", "recorded"]);
/** Before there is a run. */
const AHEAD = new Set(["idle", "full", "refused", "unbegun", "recorded"]);
/** Why a run does not begin yet, where the page has words of its own for it, by the code of the refusal. */
const LATER = new Set(["busy", "shutting_down", "connection_lost"]);

export class RunBar extends HTMLElement {
  #status = h("p", { class: "status" });
  #note = h("p", { class: "note" });
  /** A place beside the words, for what the page has to add. */
  more = h("p", { class: "more", hidden: true });
  #stopWord = h("span", {});
  #runWord = h("span", {});
  #stop = h("button", { type: "button", class: "button danger", onclick: () => wish(this, "stop") }, icon(STOP), this.#stopWord);
  #run = h("button", { type: "button", class: "button primary", id: "run", "aria-keyshortcuts": "Control+Enter Meta+Enter", onclick: () => wish(this, "run") }, icon(PLAY), this.#runWord);

  /** @param {BarView} view */
  set view(view) {
    const { text, phase, own } = view;
    if (this.childElementCount === 0) this.append(h("div", { class: "words" }, this.#status, this.#note, this.more), h("div", { class: "buttons" }, this.#stop, this.#run));
    const isBusy = BUSY.has(phase.kind);
    write(this.#status, statusOf(view));
    write(this.#note, noteOf(view));
    attribute(this.#note, "title", view.run.finish?.reason);
    attribute(this.#status, "data-kind", view.link === "open" ? phase.kind : "link");
    attribute(this.#status, "data-outcome", AHEAD.has(phase.kind) ? null : view.run.finish?.outcome);
    write(this.#stopWord, say(text, "run.stop"));
    this.#stop.hidden = !isBusy || !own || phase.kind === "starting";
    this.#stop.disabled = phase.kind === "stopping";
    write(this.#runWord, say(text, runWord(phase, own)));
    this.#run.title = say(text, "run.keys");
    this.#run.disabled = phase.kind === "starting";
  }
}

/**
 * @param {Phase} phase
 * @param {boolean} own
 */
function runWord(phase, own) {
  if (AHEAD.has(phase.kind)) return "run.run";
  return own ? "run.again" : "run.own";
}

/**
 * How the run stands, in a few words. Also what screen readers are told.
 * @param {Pick<BarView, "text" | "phase" | "link" | "run" | "now">} view
 * @returns {string}
 */
export function statusOf({ text, phase, link, run, now }) {
  if (link !== "open" && !SETTLED.has(phase.kind)) return say(text, `run.${link}`);
  switch (phase.kind) {
    case "queued":
      return say(text, "run.queued", { position: phase.position, eta: phase.eta_s });
    case "running":
      return count(text, "run.running", { n: run.meter.started - run.meter.exited, time: `${seconds(now, 1)} s` });
    case "finished":
      return `${say(text, `outcome.${run.finish?.outcome ?? "completed"}`)} · ${seconds(run.finish?.duration_us ?? 0)} s`;
    case "recorded":
      return say(text, "run.recorded", { time: `${seconds(run.finish?.duration_us ?? 0)} s` });
    case "full":
      return LATER.has(phase.code) ? say(text, `run.full.${phase.code}`, { n: phase.wait_s }) : `${phase.message} ${say(text, "run.full.again", { n: phase.wait_s })}`;
    case "refused":
      return say(text, "run.refused", { message: phase.message });
    case "idle":
    case "starting":
    case "stopping":
    case "unbegun":
    case "gone":
      return say(text, `run.${phase.kind}`);
  }
}

/**
 * What else there is to know: why it ended, what was cut, whose run it is.
 * @param {BarView} view
 * @returns {string}
 */
function noteOf({ text, phase, run, recorded, hasTwins, stuck, own, isChanged, strange, lookedAt }) {
  const notes = [];
  if (phase.kind === "gone") notes.push(phase.message);
  if (phase.kind === "recorded") notes.push(recorded);
  if (lookedAt !== null) notes.push(say(text, "scrub.running", { time: `${seconds(lookedAt)} s` }));
  notes.push(...strange);
  // Before a run begins there is nothing more to say: what stands there is a former one.
  if (AHEAD.has(phase.kind) && phase.kind !== "recorded") return joined(notes);
  if (hasTwins && run.head) notes.push(say(text, run.finish || phase.kind === "gone" ? "run.runtime" : "run.runtime.now", { runtime: say(text, `runtime.${run.head.runtime}`) }));
  if (stuck) notes.push(say(text, `stuck.note.${stuck}`));
  if (isChanged) notes.push(say(text, "controls.changed"));
  if (run.finish) notes.push(whyEnded(text, run));
  for (const what of /** @type {const} */ (["output", "events"])) {
    const dropped = run.truncations.filter((cut) => cut.what === what).reduce((sum, cut) => sum + cut.dropped, 0);
    if (dropped > 0) notes.push(say(text, `run.truncated.${what}`, { n: dropped }));
  }
  if (!own && phase.kind !== "gone" && !AHEAD.has(phase.kind)) notes.push(say(text, "run.viewer"));
  return joined(notes);
}

/** @param {readonly string[]} notes */
function joined(notes) {
  return notes.filter((note) => note !== "").join(" · ");
}

/**
 * Why a run ended, beyond its outcome, in the reader's language: the limit it met, or how its program exited.
 * @param {TextTable} text
 * @param {Run} run
 * @returns {string}
 */
function whyEnded(text, { finish, head, processes }) {
  const limits = head?.limits;
  switch (limits && finish?.outcome) {
    case "time_limit":
      return say(text, "reason.time_limit", { n: (limits?.wall_ms ?? 0) / 1000 });
    case "process_limit":
      return say(text, "reason.process_limit", { n: limits?.processes ?? 0 });
    case "memory_limit":
      return say(text, "reason.memory_limit", { n: limits?.memory_mib ?? 0 });
    case "completed":
    case "failed": {
      const exit = processes.length > 0 ? processes.at(0).exited : null;
      if (exit?.code === 0) return "";
      return exit?.signal ? say(text, "does.signal", { signal: exit.signal }) : say(text, "does.code", { code: exit?.code ?? "?" });
    }
    default:
      return "";
  }
}

customElements.define("run-bar", RunBar);
