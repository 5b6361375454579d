/**
 * Signals to the processes of two runs of one's own: those of the side on which one has selected a process.
 *
 * @import { VisitorSignal } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { SideAsked, SideSelection } from "../../elements/experiments/twin-stage.js"
 * @import { May } from "../../elements/signals.js"
 * @import { Session } from "./session.js"
 */

import { h, write } from "../../elements/dom.js";
import { SignalBar } from "../../elements/signal-bar.js";
import { SignalMenu } from "../../elements/signal-menu.js";
import { selectedProcess } from "../../elements/words.js";
import { processAt } from "../../model/lookup.js";
import { Touch } from "./touch.js";

export class TwinTouch {
  #letter = h("b", { class: "side" });
  #bar = new SignalBar();
  #menu = new SignalMenu();
  element = h("div", { class: "touch" }, this.#letter, this.#bar, this.#menu);
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
    this.element.hidden = session === undefined || (may(session) !== "own" && this.#touch.feedback === "");
    if (session === undefined || this.element.hidden) return;
    const { latest: run, events } = session.player;
    const event = selection?.kind === "event" ? events[selection.key - 1] : undefined;
    const process = event ? processAt(run, event.pid, event.seq) : selectedProcess(run, selection);
    write(this.#letter, this.#side === 0 ? "A" : "B");
    this.#bar.view = { text: this.#text, run, process, may: may(session), feedback: this.#touch.feedback };
    this.#menu.view = { text: this.#text, run, may: may(session) };
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
 * @param {Session} session
 * @returns {May}
 */
function may({ player, phase, own }) {
  if (player.mode === "empty") return "none";
  if (phase.kind === "finished" || phase.kind === "gone") return "over";
  return own ? "own" : "viewer";
}
