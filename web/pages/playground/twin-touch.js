/**
 * Signals to the processes of two runs of one's own: those of the side on which one has selected a process.
 *
 * @import { VisitorSignal } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { SideAsked, SideSelection } from "../../elements/experiments/twin-stage.js"
 * @import { May } from "../../elements/signals.js"
 * @import { Selection } from "../../elements/words.js"
 * @import { Session } from "./session.js"
 */

import { attribute, h } from "../../elements/dom.js";
import { TwinPicker } from "../../elements/experiments/twin-picker.js";
import { SignalBar } from "../../elements/signal-bar.js";
import { SignalMenu } from "../../elements/signal-menu.js";
import { selectedProcess } from "../../elements/words.js";
import { processAt } from "../../model/lookup.js";
import { Touch } from "./touch.js";

export class TwinTouch {
  #picker = new TwinPicker();
  #bar = new SignalBar();
  #menu = new SignalMenu();
  element = h("div", { class: "touch" }, this.#picker, this.#bar, this.#menu);
  #text;
  #touch;
  #side = 0;

  /**
   * @param {TextTable} text
   * @param {() => void} changed
   */
  constructor(text, changed) {
    this.#text = text;
    this.#touch = new Touch(text, changed);
  }

  /**
   * @param {readonly [Session, Session] | null} sessions
   * @param {SideSelection} chosen
   */
  show(sessions, { side, selection }) {
    this.#touch.look();
    this.#side = selection === null ? Math.max(0, sessions?.findIndex((session) => may(session) === "own") ?? 0) : side;
    const session = sessions?.[this.#side];
    // What has ended takes no signals; what the last one did is still said.
    this.element.hidden = session === undefined || (!sessions?.some((one) => may(one) === "own") && this.#touch.feedback === "");
    if (session === undefined || this.element.hidden) return;
    const { latest: run } = session.player;
    const process = processOf(session, selection);
    const runs = (sessions ?? []).map((one) => (may(one) === "own" ? one.player.latest : null));
    this.#picker.view = { text: this.#text, runs, side: this.#side, chosen: process?.key ?? null };
    attribute(this.element, "data-said", this.#touch.feedback !== "");
    this.#bar.view = { text: this.#text, run, process, may: may(session), feedback: this.#touch.feedback };
    this.#menu.view = { text: this.#text, run, may: may(session) };
  }

  /**
   * Sends what a key asks for to the process that is selected, if it is of use there.
   * @param {readonly [Session, Session] | null} sessions
   * @param {SideSelection} chosen
   * @param {VisitorSignal} signal
   */
  press(sessions, { side, selection }, signal) {
    const session = sessions?.[side];
    if (session) this.#touch.press(session, { process: processOf(session, selection), signal, may: may(session) });
  }

  /**
   * Asks for the signals of a process; the page has to have shown its side.
   * @param {SideAsked} asked
   */
  open({ asked }) {
    this.#menu.open(asked);
  }

  /**
   * @param {readonly [Session, Session] | null} sessions
   * @param {{ pid: number, signal: VisitorSignal }} wish
   */
  send(sessions, wish) {
    const session = sessions?.[this.#side];
    if (session) void this.#touch.send(session, wish);
  }
}

/**
 * The process that a selection is about, an event's too.
 * @param {Session} session
 * @param {Selection} selection
 */
function processOf({ player: { latest, events } }, selection) {
  const event = selection?.kind === "event" ? events[selection.key - 1] : undefined;
  return event ? processAt(latest, event.pid, event.seq) : selectedProcess(latest, selection);
}

/**
 * @param {Session} session
 * @returns {May}
 */
function may({ player, phase, own }) {
  if (player.mode === "empty") return "none";
  if (phase.kind === "finished" || phase.kind === "gone") return "over";
  return own ? "own" : "viewer";
}
