/**
 * Compare two runs: A is what the controls say, B the same with changes. Both are real runs, seen on one clock.
 *
 * How it works: they run one after the other, for on few cores each would slow the other down; who wants to see a race
 * lets them run together. Both get the same seed, so that what differs comes from the changes (and from chance). The
 * address says the changes (`b.start=spawn`), the order, and the two runs for as long as the server has them. What
 * differs is told by `model/compare.js`.
 *
 * @import { JsonValue, Runtime, Start } from "../../protocol.js"
 * @import { Side } from "../../elements/experiments/sides.js"
 * @import { SideAsked, SideSelection, SideThing } from "../../elements/experiments/twin-stage.js"
 * @import { Change } from "../../elements/experiments/twin-setup.js"
 * @import { Tool } from "../../elements/timeline-tools.js"
 * @import { Player } from "../../model/player.js"
 * @import { Desk, Experiment } from "./experiments.js"
 * @import { Session } from "./session.js"
 * @import { Order } from "./twin-run.js"
 * @import { Verdict } from "./twin-verdict.js"
 */

import { say } from "../../base/text.js";
import { faultOf } from "../../elements/controls/field.js";
import { seedFault } from "../../elements/controls/run-controls.js";
import { attribute, h, write } from "../../elements/dom.js";
import { differenceOf, proposals } from "../../elements/experiments/sides.js";
import { TwinRange } from "../../elements/experiments/twin-range.js";
import { TwinOutput } from "../../elements/experiments/twin-output.js";
import { TwinSetup } from "../../elements/experiments/twin-setup.js";
import { TwinStage } from "../../elements/experiments/twin-stage.js";
import { TwinVerdict } from "../../elements/experiments/twin-verdict.js";
import { statusOf } from "../../elements/run-bar.js";
import { rowsOfRange } from "../../model/compare/range.js";
import { isSame } from "../../model/light.js";
import { sumsOf } from "../../model/range.js";
import { reveal } from "./reveal.js";
import { signalOfKey } from "./signal-keys.js";
import { readTwin, twinWords } from "./twin-address.js";
import { lightsOf } from "./twin-light.js";
import { TwinMoments } from "./twin-moments.js";
import { TwinRun } from "./twin-run.js";
import { TwinTouch } from "./twin-touch.js";
import { verdictOf } from "./twin-verdict.js";

/** How often words are shown anew while only time passes, in ms. */
const WORDS_MS = 100;
const LETTERS = /** @type {const} */ (["A", "B"]);

/**
 * @param {Desk} desk
 * @param {Readonly<Record<string, string>>} words of the address
 * @returns {Experiment}
 */
export function open(desk, words) {
  return new Twin(desk, words);
}

class Twin {
  #setup = new TwinSetup();
  #stage = new TwinStage();
  #word = h("p", { class: "verdict", hidden: true });
  #verdict = new TwinVerdict();
  #output = new TwinOutput();
  #range = new TwinRange();
  #touch;
  element = h("div", { class: "twin" }, this.#setup, this.#word, this.#stage);
  /** The controls may have changed. */
  refresh = () => this.#mark();
  #desk;
  #reader;
  #twin;
  /** What B has otherwise than A. @type {Map<string, JsonValue>} */
  #changes = new Map();
  /** @type {Order} */
  #order = "turns";
  /** What was started; where a run is only followed its log says it. @type {readonly Side[]} */
  #started = [];
  /** @type {SideSelection} */
  #chosen = { side: 0, selection: null };
  /** What the pair comes to, once both have ended. @type {Verdict | null} */
  #result = null;
  #moments;
  /** Those that the part in view was chosen for. @type {readonly Player[] | null} */
  #players = null;
  /** @type {SideThing} */
  #pointed = { side: 0, thing: null };
  #note = "";
  #frame = 0;
  #isMarked = true;
  #wordsShown = 0;

  /**
   * @param {Desk} desk
   * @param {Readonly<Record<string, string>>} words
   */
  constructor(desk, words) {
    const { text, lang, card } = desk;
    this.#desk = desk;
    this.#reader = { text, lang, card };
    this.#twin = new TwinRun({ lang, lost: say(text, "run.lost"), changed: () => this.#onRuns() });
    this.#touch = new TwinTouch(text, () => this.#mark());
    this.#moments = new TwinMoments({
      text, stage: this.#stage, pair: () => this.#twin.pair, remember: () => this.#remember(), changed: () => this.#mark(), announce: desk.announce,
    }, words);
    this.element.append(this.#touch.element, this.#range, this.#verdict, this.#output);
    this.#listen();
    this.#begin(words);
    this.#remember();
  }

  /** @param {Readonly<Record<string, string>>} words */
  #begin(words) {
    const { changes, order, runs } = readTwin(this.#desk, words);
    // So that there is something to compare at once: the first change that the scenario proposes.
    const [first] = proposals(this.#reader, this.#a);
    this.#changes = changes ?? new Map(first ? [[first.name, first.value]] : []);
    this.#order = order;
    if (runs) this.#twin.follow(runs);
  }

  /** What the controls say. @returns {Side} */
  get #a() {
    const { params, runtime } = this.#desk.present();
    return { params, runtime };
  }

  /** @returns {Side} */
  get #b() {
    const { params, runtime } = this.#a;
    const { runtime: other, ...changed } = Object.fromEntries(this.#changes);
    return { params: { ...params, ...changed }, runtime: /** @type {Runtime} */ (other ?? runtime) };
  }

  #remember() {
    this.#desk.remember({ ...twinWords({ changes: this.#changes, order: this.#order, runs: this.#twin.runs }), ...this.#moments.words });
  }

  #onRuns() {
    const { players } = this.#twin.pair;
    if (players !== this.#players) this.#moments.fit();
    this.#players = players;
    if (this.#twin.isOver && this.#result === null) {
      this.#result = verdictOf(this.#reader.text, this.#twin.pair);
      this.#desk.announce(this.#result.sentence);
    }
    this.#remember();
    this.#mark();
  }

  #start() {
    const { text, card } = this.#reader;
    const present = this.#desk.present();
    const sides = [this.#a, this.#b];
    const isWrong = sides.map(({ params }) => card.params.some((param) => faultOf(text, param, params[param.name] ?? null) !== ""));
    this.#note = isWrong[0] || seedFault(text, present.seed) !== "" ? say(text, "compare.fault.a") : isWrong[1] ? say(text, "compare.fault.b") : "";
    if (this.#note !== "") return this.#setup.focusFault();
    const seed = present.seed === "" ? randomSeed() : Number(present.seed);
    const [a, b] = sides.map(({ params, runtime }) => /** @type {Start} */ ({ scenario: card.id, runtime, params, seed }));
    this.#started = sides;
    this.#chosen = { side: 0, selection: null };
    this.#result = null;
    this.#moments.forget();
    if (!a || !b) return;
    this.#twin.start([a, b], this.#order);
    this.#word.hidden = this.#stage.hidden = false;
    reveal(this.#word);
  }

  /** @param {Change} change */
  #set({ name, value }) {
    const { params, runtime } = this.#a;
    const own = name === "runtime" ? runtime : params[name];
    if (own === value) this.#changes.delete(name);
    else this.#changes.set(name, value);
    this.#note = "";
    this.#remember();
  }

  /** @param {SideThing} pointed */
  #point(pointed) {
    if (pointed.side !== this.#pointed.side || !isSame(pointed.thing, this.#pointed.thing)) this.#pointed = pointed;
  }

  /** Asks for the signals of a process, which is selected thereby. @param {SideAsked} asked */
  #ask(asked) {
    this.#chosen = { side: asked.side, selection: { kind: "process", key: asked.asked.key } };
    this.#touch.show(this.#twin.sessions, this.#chosen);
    this.#touch.open(asked);
  }

  /** Holds the time of both, or lets it go on. */
  #turn() {
    const { pair } = this.#twin;
    if (pair.isPlaying || pair.mode === "live") pair.pause();
    else pair.play();
  }

  /** @param {SideSelection} chosen */
  #select(chosen) {
    this.#chosen = chosen;
    const { selection, side } = chosen;
    const event = selection?.kind === "event" ? this.#twin.pair.players[side].events[selection.key - 1] : undefined;
    if (event) this.#twin.pair.seekTime(event.t);
  }

  #listen() {
    /** @type {Record<string, (detail: any) => void>} */
    const wishes = {
      run: () => this.#start(),
      stop: () => this.#twin.stop(),
      set: (change) => this.#set(change),
      together: (/** @type {boolean} */ isTogether) => {
        this.#order = isTogether ? "together" : "turns";
        this.#remember();
      },
      select: (chosen) => this.#select(chosen),
      hover: (pointed) => this.#point(pointed),
      menu: (asked) => this.#ask(asked),
      signal: (signal) => this.#touch.send(this.#twin.sessions, signal),
      help: this.#desk.help,
      play: () => this.#twin.pair.play(),
      pause: () => this.#twin.pair.pause(),
      follow: () => this.#twin.pair.follow(),
      restart: () => this.#twin.pair.seekTime(0),
      step: (/** @type {number} */ count) => this.#twin.pair.step(count),
      seek: (/** @type {number} */ t) => this.#twin.pair.seekTime(t),
      speed: (/** @type {number} */ speed) => (this.#twin.pair.speed = speed),
      tool: (/** @type {Tool} */ tool) => this.#stage.tool(tool),
      turn: () => this.#turn(),
      ...this.#moments.wishes,
    };
    for (const [name, act] of Object.entries(wishes)) {
      this.element.addEventListener(name, (event) => {
        if (!(event instanceof CustomEvent)) return;
        event.stopPropagation();
        act(event.detail);
        this.#mark();
      });
    }
    this.element.addEventListener("keydown", (event) => {
      const signal = signalOfKey(event);
      if (signal !== null) this.#touch.press(this.#twin.sessions, this.#chosen, signal);
      if (event.code !== "Enter" || !(event.ctrlKey || event.metaKey) || this.#twin.isBusy) return;
      event.preventDefault();
      this.#start();
      this.#mark();
    });
  }

  #mark() {
    this.#isMarked = true;
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#show(now));
  }

  /** @param {number} now ms */
  #show(now) {
    this.#frame = 0;
    const { pair } = this.#twin;
    const moved = pair.advance(now);
    const isDue = this.#isMarked || now - this.#wordsShown >= WORDS_MS;
    if (moved || this.#isMarked) this.#showStage();
    if (this.#twin.isOver) this.#moments.answer();
    if (isDue) {
      this.#isMarked = false;
      this.#wordsShown = now;
      this.#showWords();
    }
    if (pair.mode === "live" || pair.isPlaying) this.#frame = requestAnimationFrame((later) => this.#show(later));
  }

  #showStage() {
    const { pair, sessions } = this.#twin;
    this.#stage.hidden = sessions === null;
    if (sessions === null) return;
    const [a, b] = this.#sides();
    const title = (/** @type {Side} */ side, /** @type {Side} */ other) => differenceOf(this.#reader, side, other).join(" · ") || say(this.#reader.text, "compare.same");
    const titles = /** @type {const} */ ([title(a, b), title(b, a)]);
    const statuses = /** @type {const} */ ([this.#statusOf(sessions[0]), this.#statusOf(sessions[1])]);
    this.#stage.view = { text: this.#reader.text, pair, titles, statuses, chosen: this.#chosen, ...this.#moments.view };
  }

  /** What the runs on the stage are: by their logs where they say so. @returns {readonly [Side, Side]} */
  #sides() {
    const [a, b] = this.#twin.pair.players.map(({ latest }, side) => latest.head ?? this.#started[side] ?? (side === 0 ? this.#a : this.#b));
    return [/** @type {Side} */ (a), /** @type {Side} */ (b)];
  }

  /** @param {Session} session */
  #statusOf({ phase, link, player }) {
    return phase.kind === "idle" ? "" : statusOf({ text: this.#reader.text, phase, link, run: player.latest, now: player.end });
  }

  /** What is told while there is no result yet: who runs, or why one does not. */
  #progress() {
    const { text } = this.#reader;
    const { busy, sessions } = this.#twin;
    const failed = (sessions ?? []).findIndex(({ phase }) => phase.kind === "refused" || phase.kind === "gone");
    const session = sessions?.[failed];
    if (session) return say(text, "compare.failed", { side: LETTERS[failed] ?? "", why: this.#statusOf(session) });
    const running = LETTERS.filter((_, side) => busy[side]).join(say(text, "compare.and"));
    return running === "" ? "" : say(text, this.#order === "turns" && running === "A" ? "compare.running.a" : "compare.running", { side: running });
  }

  /** What happened in the selected part of the time, on both sides. */
  #showRange() {
    const { text } = this.#reader;
    const { players: [a, b], end } = this.#twin.pair;
    const { range } = this.#moments.view;
    const rows = range ? rowsOfRange(sumsOf(a.latest, a.events, range), sumsOf(b.latest, b.events, range)) : [];
    this.#range.view = { text, range, rows, end };
  }

  #showWords() {
    const { text } = this.#reader;
    const { isBusy, busy, pair, sessions } = this.#twin;
    const result = this.#result;
    this.#word.hidden = this.#output.hidden = sessions === null;
    this.#verdict.hidden = result === null;
    write(this.#word, result?.sentence ?? this.#progress());
    attribute(this.#word, "data-done", result !== null);
    if (result) this.#verdict.view = { text, rows: result.rows };
    this.#showRange();
    this.#touch.show(sessions, this.#chosen);
    this.#output.view = { text, runs: pair.players.map(({ run }) => run) };
    this.#output.light = this.#stage.light = lightsOf(this.#pointed.thing ? this.#pointed : { side: this.#chosen.side, thing: null }, pair.players);
    const stopped = LETTERS.filter((_, side) => busy[side]).join(say(text, "compare.and"));
    this.#setup.view = {
      ...this.#reader, a: this.#a, b: this.#b, isTogether: this.#order === "together", isBusy,
      canStop: stopped !== "", stopWord: say(text, "compare.stop", { side: stopped }), note: this.#note,
    };
  }
}

/** Any seed will do, as long as both get the same. */
function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
