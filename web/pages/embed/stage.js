/**
 * What an embed shows: a recorded run, and in its place the reader's own, as soon as it has begun.
 *
 * How it works: there are two players. The recorded one stays; the session's comes to the front with its first event.
 * So a run that waits in line, is refused, or whose server is gone leaves the recording where it is.
 *
 * @import { Start } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Phase } from "../../elements/run-bar.js"
 * @import { Boot, Wishes } from "./boot.js"
 */

import { say } from "../../base/text.js";
import { Player } from "../../model/player.js";
import { RecordedSource } from "../../sources/recorded.js";
import { Passes } from "../playground/passes.js";
import { Session } from "../playground/session.js";

/**
 * @typedef {object} Setting
 * @property {Boot} boot
 * @property {Wishes} wishes
 * @property {string} lang the language the server answers in
 * @property {TextTable} text
 * @property {() => void} changed
 */

export class Stage {
  #setting;
  /** @type {Player | null} */
  #recorded = null;
  #nothing = new Player();
  /** @type {Session | null} */
  #session = null;
  /** @type {Passes | null} */
  #passes;
  /** Why there is no run, where no session says it. */
  #problem = "";
  #isAsking = false;

  /** @param {Setting} setting */
  constructor(setting) {
    const { server, card } = setting.boot;
    this.#setting = setting;
    this.#passes = server === null ? null : new Passes(server, card.id);
  }

  /** The run that is on the stage. */
  get player() {
    const own = this.#session?.player;
    return own !== undefined && own.events.length > 0 ? own : (this.#recorded ?? this.#nothing);
  }

  /** Whether it is a run of another day. */
  get isRecorded() {
    return this.player === this.#recorded;
  }

  /** Whether there is a server to ask for a run. */
  get canRun() {
    return this.#passes !== null;
  }

  /** Whether the run is the reader's, also before it has begun. */
  get own() {
    return this.#isAsking || (this.#session?.own ?? false);
  }

  get link() {
    return this.#session?.link ?? "open";
  }

  /** How far the reader's run has come; while there is none, the recorded one is told of. @returns {Phase} */
  get phase() {
    if (this.#problem !== "") return { kind: "refused", message: this.#problem };
    if (this.#isAsking) return { kind: "starting" };
    const phase = this.#session?.phase ?? { kind: "idle" };
    return phase.kind === "idle" && this.#recorded !== null ? { kind: "recorded" } : phase;
  }

  /** Whether a run is under way. */
  get isBusy() {
    return this.#isAsking || (this.#session?.isBusy ?? false);
  }

  /** From now on the page speaks another language. @param {TextTable} text @param {string} lang */
  speak(text, lang) {
    this.#setting = { ...this.#setting, text, lang };
  }

  /** Reads what there is to be seen: the run that the address names, else the scenario's recording. */
  async open() {
    const { boot, wishes: { run } } = this.#setting;
    if (run !== null && boot.server !== null) await this.#openRun(run, boot.server.base);
    if (this.#recorded === null && this.#session === null) await this.#openRecording(boot);
  }

  /** Runs it live. */
  async start() {
    if (this.#passes === null || this.isBusy) return;
    const { wishes: { params, runtime, seed }, boot: { card } } = this.#setting;
    this.#say("");
    this.#isAsking = true;
    this.#setting.changed();
    try {
      await this.#passes.take();
    } catch {
      return this.#giveUp();
    } finally {
      this.#isAsking = false;
    }
    /** @type {Start} */
    const start = { scenario: card.id, params, ...(runtime === null ? {} : { runtime }), ...(seed === null ? {} : { seed }) };
    await this.#renew(this.#passes).start(start);
  }

  /** Ends the reader's run. */
  stop() {
    void this.#session?.stop();
  }

  /** @param {number} pid @param {import("../../protocol.js").VisitorSignal} signal */
  signal(pid, signal) {
    void this.#session?.signal(pid, signal);
  }

  /**
   * @param {string} run
   * @param {string} base
   */
  async #openRun(run, base) {
    const { text } = this.#setting;
    const address = new URL(`api/runs/${run}`, new URL(base, location.href));
    try {
      const answer = await fetch(address);
      const { state, scenario } = answer.ok ? await answer.json() : { state: null, scenario: null };
      if (scenario !== this.#setting.boot.card.id) return this.#say(say(text, "run.gone"));
      if (state !== "finished" && this.#passes !== null) return this.#renew(this.#passes).follow(run);
      await this.#read((source) => source.open(`${address}/events`, (url, init) => fetch(url, init), say(text, "run.gone")));
    } catch {
      this.#say(say(text, "run.gone"));
    }
  }

  /** @param {Boot} boot */
  async #openRecording({ recording, log }) {
    if (log !== null) await this.#read(async (source) => source.openText(log));
    else if (recording !== null) await this.#read((source) => source.open(recording, (url, init) => fetch(url, init), say(this.#setting.text, "embed.lost")));
  }

  /**
   * Puts a recorded run on the stage once all of it is there.
   * @param {(source: RecordedSource) => Promise<void>} open
   */
  async #read(open) {
    const player = new Player({ recorded: true });
    await open(new RecordedSource({
      events: (events) => player.append(events, performance.now()),
      status: (status) => status === "ended" && this.#show(player),
      problem: ({ message }) => this.#say(message),
    }));
  }

  /** @param {Player} player */
  #show(player) {
    player.follow();
    this.#recorded = player;
    this.#setting.changed();
  }

  /** @param {Passes} passes */
  #renew(passes) {
    this.#session?.close();
    const { lang, text } = this.#setting;
    const session = new Session({
      lang,
      lost: say(text, "run.lost"),
      changed: () => this.#onSession(session),
      connect: () => passes.connect(lang),
    });
    this.#session = session;
    return session;
  }

  /** A server that cannot be reached before the run has begun is not waited for. @param {Session} session */
  #onSession(session) {
    const isLost = session.link === "offline" && session.player.events.length === 0;
    if (isLost && this.#recorded !== null) this.#giveUp();
    else this.#setting.changed();
  }

  #giveUp() {
    this.#session?.close();
    this.#session = null;
    this.#passes?.forget();
    const { text, boot: { server } } = this.#setting;
    this.#say(say(text, "embed.unreachable", { host: new URL(server?.base ?? "", location.href).host }));
  }

  /** @param {string} problem empty: none */
  #say(problem) {
    this.#problem = problem;
    this.#setting.changed();
  }
}
