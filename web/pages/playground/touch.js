/**
 * What came of the reader's signals: that each was sent, then what it did, by the log: whom it reached and what became of
 * him.
 *
 * @import { VisitorSignal } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Process } from "../../model/state.js"
 * @import { May } from "../../elements/signals.js"
 * @import { Session } from "./session.js"
 */

import { say } from "../../base/text.js";
import { isOfUse } from "../../elements/signals.js";
import { sentence } from "../../model/sentence.js";

/** How long the answer to a signal stands, in ms. */
const FEEDBACK_MS = 6000;
/** What a signal does to a process. */
const EFFECTS = ["process.stopped", "process.continued", "process.exited"];

export class Touch {
  /** What there is to say; empty for nothing. */
  feedback = "";
  #text;
  #changed;
  /** @type {{ session: Session, pid: number, after: number } | null} The signal whose effect is looked for. */
  #sent = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {TextTable} text
   * @param {() => void} changed
   */
  constructor(text, changed) {
    this.#text = text;
    this.#changed = changed;
  }

  /**
   * @param {Session} session
   * @param {{ pid: number, signal: VisitorSignal }} wish
   */
  async send(session, { pid, signal }) {
    this.#sent = { session, pid, after: session.player.events.length };
    const message = await session.signal(pid, signal);
    if (message === "") this.#say(say(this.#text, "signal.sent", { signal, pid }));
    else this.#say(say(this.#text, "signal.failed", { signal, message }));
  }

  /**
   * Sends what a key asks for, if it is of use to that process now.
   * @param {Session} session
   * @param {{ process: Process | null, signal: VisitorSignal, may: May }} press
   */
  press(session, { process, signal, may }) {
    if (process && isOfUse(process, signal, may)) void this.send(session, { pid: process.pid, signal });
  }

  /** Says what the signal did as soon as the log has it. */
  look() {
    if (this.#sent === null) return;
    const { session: { player }, pid, after } = this.#sent;
    const news = player.events.slice(after).filter((event) => event.pid === pid);
    const reached = news.find((event) => event.type === "process.signaled" && event.from === "visitor");
    const effect = news.find(({ type }) => EFFECTS.includes(type));
    const words = [reached, effect].filter((event) => event !== undefined).map((event) => sentence(event, player.latest, this.#text));
    if (effect) this.#sent = null;
    if (words.length > 0) this.#say(words.join(say(this.#text, "stuck.and")));
  }

  /** @param {string} words */
  #say(words) {
    if (words === this.feedback) return;
    this.feedback = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.feedback = "";
      this.#sent = null;
      this.#changed();
    }, FEEDBACK_MS);
    this.#changed();
  }
}
