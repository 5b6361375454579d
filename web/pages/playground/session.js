/**
 * One reader's run: the source it comes from, the player that holds it, and how far it has come.
 *
 * How it works: there is one socket for the session and a new player for each run. Whatever changes is told by `changed`;
 * the page then shows everything anew. A run that does not begin (the line is full, the server cannot be reached, it was
 * stopped in the line) leaves no empty page: what stood there before comes back, until a run does begin. Where the server
 * says when it is worth asking again, it is asked then.
 *
 * @import { Event, Kept, Problem, Queued, Start, VisitorSignal } from "../../protocol.js"
 * @import { Socket } from "../../sources/live.js"
 * @import { Status } from "../../sources/source.js"
 * @import { Link, Phase } from "../../elements/run-bar.js"
 */

import { Player } from "../../model/player.js";
import { LiveSource } from "../../sources/live.js";
import { Refusal } from "../../sources/source.js";
import { keepToken, recallToken } from "./address.js";
import { Countdown } from "./countdown.js";
import { Passes } from "./passes.js";

/** After so long without a connection the page says that the server cannot be reached. */
const PATIENCE_MS = 4000;
/** So long after a connection broke before a start was answered, it is asked for again. */
const AGAIN_S = 2;

export class Session {
  player = new Player();
  /** @type {string | null} */
  run = null;
  own = false;
  /** @type {Phase} */
  phase = { kind: "idle" };
  /** @type {Link} */
  link = "open";
  /** @type {Kept | null} What became of the run's recording, once it has ended. */
  kept = null;
  /** @type {Record<string, string>} What the server says of the parameters it refused. */
  faults = {};
  /** @type {() => void} */
  #changed;
  #source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  #countdown = new Countdown();
  /** The recorded run of this page. @type {Player | null} */
  #recording = null;
  /** What stood there before the run that has been asked for. @type {Player | null} */
  #former = null;
  #closed = new AbortController();

  /**
   * @param {object} setting
   * @param {string} setting.lang the language the server answers in
   * @param {string} setting.lost the sentence for a request whose answer was lost
   * @param {() => void} setting.changed
   * @param {() => Socket} [setting.connect] opens a socket; to this server unless told
   */
  constructor({ lang, lost, changed, connect }) {
    this.#changed = changed;
    const address = new URL(`/ws?lang=${lang}`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.#source = new LiveSource(
      {
        events: (events) => this.#onEvents(events),
        status: (status) => this.#onStatus(status),
        problem: (problem) => this.#onProblem(problem),
        kept: (kept) => (this.kept = kept),
        queued: (queued) => this.#onQueued(queued),
      },
      {
        connect: connect ?? connector(address, lang),
        later: (act, ms) => setTimeout(act, ms),
        cancel: (timer) => clearTimeout(timer),
        random: Math.random,
        lost,
      },
    );
    addEventListener("online", () => this.#source.retry(), { signal: this.#closed.signal });
  }

  /** Lets go of the run, which goes on without this reader, and of the connection; nothing more is told. */
  close() {
    this.#closed.abort();
    this.#changed = () => {};
    clearTimeout(this.#patience);
    this.#countdown.cancel();
    this.#source.close();
  }

  /** Whether a run is under way. */
  get isBusy() {
    return ["starting", "full", "queued", "running", "stopping"].includes(this.phase.kind);
  }

  /** Whether what is shown is a run of another day. */
  get isRecorded() {
    return this.player === this.#recording;
  }

  /** Whether one would see a run live, but nothing of it arrives. What it does now nobody here knows, so its time stands still. */
  get isCut() {
    return this.player.mode === "live" && (this.link === "reconnecting" || this.link === "offline");
  }

  /**
   * Starts a run of one's own; one that is under way is ended.
   * @param {Start} start
   */
  async start(start) {
    if (this.own && this.isBusy && this.run !== null) this.#source.stop().catch(() => {});
    this.#begin(null, true, { kind: "starting" });
    await this.#ask(start);
  }

  /** @param {Start} start */
  async #ask(start) {
    try {
      const { run, token } = await this.#source.start(start);
      this.run = run;
      if (token) keepToken(run, token);
      this.#changed();
    } catch (error) {
      this.#refuse(error, start);
    }
  }

  /**
   * Follows a run that exists, as its owner if this tab has the token.
   * @param {string} run
   */
  follow(run) {
    const token = recallToken(run);
    this.#begin(run, token !== null, { kind: "starting" });
    this.#source.follow(run, { token });
  }

  /**
   * Shows a recorded run. A run that was begun or followed meanwhile comes first.
   * @param {Player} player with all of it
   */
  showRecorded(player) {
    if (this.phase.kind !== "idle") return;
    player.speed = this.player.speed;
    this.player = this.#recording = player;
    this.#set({ kind: "recorded" });
  }

  /** Ends the run. One that has ended is let be: its button stays on the screen until the next frame. */
  async stop() {
    if (!this.isBusy) return;
    if (this.phase.kind === "full") return this.#set({ kind: "unbegun" });
    const before = this.phase;
    this.#set({ kind: "stopping" });
    try {
      await this.#source.stop();
    } catch {
      if (this.phase.kind === "stopping") this.#set(before);
    }
  }

  /**
   * @param {number} pid
   * @param {VisitorSignal} signal
   * @returns {Promise<string>} why it was not sent; empty if it was
   */
  async signal(pid, signal) {
    try {
      await this.#source.signal(pid, signal);
      return "";
    } catch (error) {
      return error instanceof Refusal ? error.problem.message : String(error);
    }
  }

  /**
   * @param {string | null} run
   * @param {boolean} own
   * @param {Phase} phase
   */
  #begin(run, own, phase) {
    if (this.player.mode !== "empty") this.#former = this.player;
    this.#renew();
    this.run = run;
    this.own = own;
    this.kept = null;
    this.faults = {};
    this.#set(phase);
  }

  #renew() {
    const { speed } = this.player;
    this.player = new Player();
    this.player.speed = speed;
  }

  /** Shows again what stood there before, where nothing of a new run is to be seen. */
  #bringBack() {
    if (this.player.latest.processes.length === 0 && this.#former !== null) this.player = this.#former;
  }

  /** @param {Phase} phase */
  #set(phase) {
    this.#countdown.cancel();
    this.phase = phase;
    this.#changed();
  }

  /** @param {Queued | null} queued */
  #onQueued(queued) {
    if (queued === null) return this.phase.kind === "queued" ? this.#set({ kind: "starting" }) : undefined;
    this.#set({ kind: "queued", ...queued });
    this.#countdown.begin(queued.eta_s, (eta_s) => this.#tick({ kind: "queued", ...queued, eta_s }));
  }

  /** @param {Phase} phase the same, with fewer seconds */
  #tick(phase) {
    this.phase = phase;
    this.#changed();
  }

  /** @param {readonly Event[]} events */
  #onEvents(events) {
    if (this.player === this.#former) this.#renew();
    this.player.append(events, performance.now());
    const { finish, processes } = this.player.latest;
    if (finish !== null && processes.length === 0) return this.#unbegin();
    this.#set(finish !== null ? { kind: "finished" } : this.phase.kind === "stopping" ? this.phase : { kind: "running" });
  }

  /** A run that was stopped in the line. */
  #unbegin() {
    this.run = null;
    this.#bringBack();
    this.#set({ kind: "unbegun" });
  }

  /** @param {Status} status */
  #onStatus(status) {
    if (status === "offline") return this.#reconnect();
    clearTimeout(this.#patience);
    this.link = status === "connecting" ? "connecting" : "open";
    this.#changed();
  }

  /** Each attempt that fails says `offline` again; patience counts from the first. */
  #reconnect() {
    if (this.link === "reconnecting" || this.link === "offline") return;
    this.link = "reconnecting";
    this.#patience = setTimeout(() => this.#lose(), PATIENCE_MS);
    this.#changed();
  }

  #lose() {
    this.link = "offline";
    this.#bringBack();
    this.#changed();
  }

  /** @param {Problem} problem */
  #onProblem({ message }) {
    if (this.phase.kind === "finished") return;
    if (this.run === null) return this.#set({ kind: "refused", message });
    this.leave(message);
  }

  /**
   * The run is no longer on the server.
   * @param {string} message why
   */
  leave(message) {
    this.#freeze();
    this.run = null;
    this.kept = null;
    this.#set({ kind: "gone", message });
  }

  /** What was seen of a run that is gone stays to be looked at; its time no longer goes on. */
  #freeze() {
    const { events } = this.player;
    this.player = new Player({ recorded: true });
    this.player.append(events, performance.now());
    this.player.follow();
  }

  /**
   * @param {unknown} error
   * @param {Start} start
   */
  #refuse(error, start) {
    const { code, message, fields, retry_after_s } = error instanceof Refusal ? error.problem : { code: "", message: String(error) };
    this.faults = fields ?? {};
    this.own = true;
    this.#bringBack();
    this.#set({ kind: "refused", message });
    // A server that restarts breaks the connection; what had begun there has ended with it.
    const again_s = code === "connection_lost" ? AGAIN_S : retry_after_s;
    if (again_s === undefined) return;
    // A bit later for each reader, so that not all of a class ask in the same moment.
    this.#countdown.begin(again_s + Math.random(), (wait_s) => this.#tick({ kind: "full", code, message, wait_s }), () => {
      this.#set({ kind: "starting" });
      void this.#ask(start);
    });
  }
}

/**
 * Opens sockets to this server; of a page that was opened from a sandboxed frame, and so has no origin, with a pass.
 * @param {URL} address
 * @param {string} lang
 * @returns {() => Socket}
 */
function connector(address, lang) {
  if (self.origin !== "null") return () => /** @type {any} */ (new WebSocket(address));
  const passes = new Passes({ base: "/", pass: null }, scenarioOfPage());
  return () => passes.connect(lang);
}

/** As the server says it; `frame.js` reads the same, but belongs to pages that have modules beside them. */
function scenarioOfPage() {
  /** @type {{ card?: { id: string } }} */
  const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
  return boot.card?.id ?? "";
}
