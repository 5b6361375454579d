/**
 * The playground of one scenario: the one store of the page, and what each element is given and asks for.
 *
 * How it works: data goes down and wishes come up. Every wish changes the store or the session and marks the page; with
 * the next frame every element is given the new state. While a run is live or plays, frames follow each other: the
 * timeline and the clock move with each, the views of words ten times a second, a few in each frame.
 *
 * @import { Card, Runtime, RunStarted, VisitorSignal } from "../protocol.js"
 * @import { Run } from "../model/state.js"
 * @import { Choices } from "../elements/controls/run-controls.js"
 * @import { Guess } from "../elements/predict-card.js"
 * @import { Filter } from "../elements/run-output.js"
 * @import { Tool } from "../elements/timeline-tools.js"
 * @import { Asked } from "../elements/signal-menu.js"
 * @import { Selection } from "../elements/words.js"
 */

import { say } from "../base/text.js";
import { faultOf } from "../elements/controls/field.js";
import { seedFault } from "../elements/controls/run-controls.js";
import { statusOf } from "../elements/run-bar.js";
import { thingsOf } from "../elements/sync-panel.js";
import { selectedProcess } from "../elements/words.js";
import { processAt } from "../model/lookup.js";
import { readBoot, startFrame } from "./frame.js";
import { isHere, paramsOf, readAddress, runtimeFault, runtimeOf, turnLanguageLink, writeAddress } from "./playground/address.js";
import { Announcer } from "./playground/announcer.js";
import { captionOf, codeIn } from "./playground/caption.js";
import { Experiments } from "./playground/experiments.js";
import { Frames } from "./playground/frames.js";
import { Moments } from "./playground/moments.js";
import { findLate, findParts, findPlaces } from "./playground/parts.js";
import { Pointed } from "./playground/pointed.js";
import { Prediction } from "./playground/prediction.js";
import { showEmptiness } from "./playground/emptiness.js";
import { aboutRecording, readRecording } from "./playground/recording.js";
import { Session } from "./playground/session.js";
import { Sight } from "./playground/sight.js";
import { signalOfKey } from "./playground/signal-keys.js";
import { standstill } from "./playground/standstill.js";
import { Touch } from "./playground/touch.js";

const boot = readBoot();
const { text, lang } = boot;
const card = /** @type {Card} */ (boot.card);
const address = readAddress();
/** The edge of a run that one would see live is called by what it is while nothing arrives. */
const textOfCut = { ...text, "scrub.mode.live": say(text, "scrub.mode.cut") };

/** The one store. */
const store = {
  /** @type {Choices} */
  choices: { params: paramsOf(card, boot.params ?? {}), seed: address.seed },
  /** @type {Runtime} */
  runtime: runtimeOf(card, address.runtime),
  /** @type {Record<string, string>} what is wrong with parameters by the server's word, until they change */
  faults: { ...boot.faults, ...runtimeFault(card, address.runtime, boot) },
  /** @type {Selection} */
  selection: null,
  /** @type {Filter} */
  filter: "all",
  /** Whether the reader has touched the controls; else they show what a followed run was started with. */
  isTouched: false,
};

const session = new Session({ lang, lost: say(text, "run.lost"), changed: onSession });
const prediction = card.predict ? new Prediction(card.predict) : null;
const places = findPlaces();
const announcer = new Announcer(places.announcer, text);
const views = findParts();
const late = findLate();
const pointed = new Pointed(light);
const touch = new Touch(text, mark);
const moments = new Moments({ lang, text, session, timeline: views.timeline, selection: () => store.selection, select, announce: (sentence) => announcer.say(sentence), changed: mark });
const experiments = new Experiments(views.experiments, { lang, text, card, present: () => ({ ...store.choices, runtime: store.runtime }), announce: (sentence) => announcer.say(sentence), watch, help: () => moments.wishes.help?.(null), former: () => session.player.latest.finish });

const codeAt = codeIn(card.sources);

const frames = new Frames({
  advance: (now) => !session.isCut && session.player.advance(now),
  goesOn: () => (session.player.mode === "live" && !session.isCut) || session.player.isPlaying,
  isCatchingUp: () => !session.isCut && session.player.isCatchingUp,
  time: showTime,
  words: showWords,
});
const sight = new Sight(Object.values(views), mark);

/** What becomes of the run's recording. It comes with its own sentences, once there is something to say. @type {Promise<() => void> | null} */
let kept = null;

function showKept() {
  if (session.kept) kept ??= import("./playground/kept.js").then(({ openKept }) => openKept(views.bar.more, session, boot));
  kept?.then((refresh) => refresh());
}

/** Asks for the page to be shown anew with the next frame. */
function mark() {
  frames.all();
}

/** What moves with every frame. */
function showTime() {
  const { player } = session;
  const { mode, time, end, isPlaying, speed } = player;
  const isOver = !player.goesOn;
  // First, as words on a canvas would have all that was written before laid out.
  views.timeline.view = { text: session.isCut ? textOfCut : text, player, selection: store.selection, ...moments.view };
  document.body.dataset.mode = mode;
  views.scrubber.view = { text, mode, time, end, isPlaying, isOver, isCut: session.isCut, speed };
  document.body.dataset.link = session.link;
}

/**
 * All else; between two views the frame may end.
 * @param {boolean} isWhole whether also what is out of sight
 */
function* showWords(isWhole) {
  const { player, phase } = session;
  const show = sight.shower(isWhole);
  touch.look();
  const { run, latest, time: now } = player;
  const { selection, choices, faults } = store;
  const process = chosen(run);
  const { events } = player;
  moments.refresh();
  show(views.events, { text, events, run, latest, selection });
  views.controls.view = { text, lang, card, choices, runtime: store.runtime, faults };
  yield;
  const still = standstill(player);
  views.bar.view = { ...barView(), stuck: still.findings[0]?.kind ?? null };
  showKept();
  showEmptiness(places.empty, { text, phase, link: session.link, isEmpty: player.mode === "empty" });
  showPrediction();
  show(views.source, { text, sources: card.sources, runtime: store.runtime, run, chosen: process, selection });
  yield;
  show(views.tree, { text, run, selection, now, codeAt, latest, may: may() });
  views.stuck.view = { text, selection, ...still };
  views.signals.view = { text, run: latest, process: chosen(latest), may: may(), feedback: touch.feedback };
  late.menu.view = { text, run: latest, may: may() };
  yield;
  show(views.filter, { text, run, chosen: process, filter: store.filter });
  show(views.output, { text, run, chosen: process, filter: store.filter });
  yield;
  views.tools.view = { text, more: moments.tools };
  late.notes.view = moments.notes;
  late.card.view = { text, run, process };
  show(views.receipts, { text, run, selection, now });
  yield;
  show(views.queues, { text, run, selection, now });
  show(views.syncs, { text, run, selection, now });
  yield;
  show(views.tasks, { text, run, selection, now });
  show(views.variables, { text, run, selection });
  show(views.meter, { text, run: latest });
  views.brief.view = { text, run: latest };
  yield;
  experiments.refresh();
  showPanels(latest);
  places.caption.textContent = captionOf(player, text);
  light();
  if (phase.kind !== "idle" && !session.isRecorded) announcer.follow(player, { kind: phase.kind, words: statusOf({ ...barView(), now: 0 }) });
}

/** Lights what belongs to the thing that the reader points at, or has selected. */
function light() {
  views.timeline.light = pointed.show(store.selection, session.player);
}

/** The question before the run; scenarios without one have no such place. */
function showPrediction() {
  const { predict } = card;
  views.predict.hidden = predict === undefined;
  if (predict === undefined || prediction === null) return;
  views.predict.view = { text, lang, predict, guess: prediction.guess, isBusy: session.isBusy, grade: session.isRecorded ? null : prediction.grade(session.player) };
}

function barView() {
  const { phase, link, own, player } = session;
  const lookedAt = player.mode === "replay" && player.goesOn ? player.time : null;
  const { head } = player.latest;
  const recorded = session.isRecorded && head ? aboutRecording({ text, lang, card }, head, store.choices) : "";
  return { text, phase, link, own, recorded, hasTwins: card.sources.length > 1, stuck: null, run: player.latest, now: player.end, lookedAt, isChanged: isChanged(), strange: strange() };
}

/**
 * The panels of what not every run has.
 * @param {Run} run the newest state, so that nothing comes and goes while one looks back
 */
function showPanels(run) {
  const { queues, tasks, processes, shared } = run;
  places.syncs.hidden = thingsOf(run).length === 0;
  places.queues.hidden = queues.length === 0;
  places.tasks.hidden = tasks.length === 0;
  if (places.variables.hidden || processes.length === 0) {
    places.variables.hidden = shared.length === 0 && ![...processes].some(({ variables }) => variables.length > 0);
  }
}

/**
 * The process that the selection is about, an event's too.
 * @param {Run} run
 */
function chosen(run) {
  const { selection } = store;
  if (selection?.kind !== "event") return selectedProcess(run, selection);
  const event = session.player.events[selection.key - 1];
  return event ? processAt(run, event.pid, event.seq) : null;
}

/** @returns {"none" | "own" | "viewer" | "over"} */
function may() {
  if (session.player.mode === "empty" || session.isRecorded) return "none";
  if (session.phase.kind === "finished" || session.phase.kind === "gone") return "over";
  return session.own ? "own" : "viewer";
}

/** Whether the controls say something else than the run was started with. */
function isChanged() {
  const { head } = session.player.latest;
  if (head === null || !session.isBusy) return false;
  if (head.runtime !== store.runtime) return true;
  return card.params.some(({ name }) => head.params[name] !== undefined && head.params[name] !== store.choices.params[name]);
}

/** What is said of parameters that have no field: the scenario does not know them. */
function strange() {
  const known = new Set(["seed", ...card.params.map(({ name }) => name)]);
  const unknown = Object.entries({ ...store.faults, ...moments.faults }).filter(([name]) => !known.has(name));
  return unknown.map(([name, fault]) => say(text, "controls.fault.address", { name, fault }));
}

function onSession() {
  const { head } = session.player.latest;
  if (head && !store.isTouched && !session.isRecorded) adopt(head);
  if (session.phase.kind === "refused" && Object.keys(session.faults).length > 0) {
    store.faults = session.faults;
    session.faults = {};
    queueMicrotask(() => requestAnimationFrame(() => views.controls.focusFault()));
  }
  if (head && head.scenario !== card.id) location.replace(`/runs/${head.run}?lang=${lang}`);
  if ((session.run !== null && session.own) || ["gone", "unbegun"].includes(session.phase.kind)) writeAddress({ card, choices: store.choices, runtime: store.runtime, run: session.run });
  if (session.player.goesOn) frames.soon();
  else mark();
}

/**
 * Shows what a followed run was started with.
 * @param {RunStarted} head
 */
function adopt({ params, runtime }) {
  store.isTouched = true;
  if (isHere(card, runtime)) store.runtime = runtime;
  store.choices = { ...store.choices, params: paramsOf(card, { ...store.choices.params, ...params }) };
}

function start() {
  const { choices, runtime } = store;
  const isWrong = card.params.some((param) => faultOf(text, param, choices.params[param.name] ?? null) !== "") || seedFault(text, choices.seed) !== "";
  if (isWrong) return views.controls.focusFault();
  const seed = choices.seed === "" ? {} : { seed: Number(choices.seed) };
  store.faults = {};
  store.selection = null;
  store.filter = "all";
  store.isTouched = true;
  moments.forget();
  void session.start({ scenario: card.id, runtime, params: choices.params, ...seed });
}

/** @param {Choices} choices */
function choose(choices) {
  const changed = Object.keys(store.faults).filter((name) => choices.params[name] !== store.choices.params[name]);
  store.faults = without(store.faults, ...changed);
  store.choices = choices;
  store.isTouched = true;
  if (!session.isBusy) prediction?.forget(session.player);
  writeAddress({ card, choices, runtime: store.runtime, run: session.run });
  mark();
}

/**
 * @param {Record<string, string>} faults
 * @param {...string} names
 */
function without(faults, ...names) {
  return Object.fromEntries(Object.entries(faults).filter(([name]) => !names.includes(name)));
}

/**
 * Shows a run that an experiment made.
 * @param {string} run
 */
function watch(run) {
  store.selection = null;
  store.filter = "all";
  moments.forget();
  store.isTouched = false;
  session.follow(run);
  views.timeline.scrollIntoView({ block: "center" });
}

/** @param {Selection} selection */
function select(selection) {
  store.selection = selection;
  if (selection?.kind === "event") session.player.seekSeq(selection.key);
}

/**
 * What each wish does; the page is shown anew after each.
 * @type {Record<string, (detail: any) => void>}
 */
const wishes = {
  run: start,
  stop: () => void session.stop(),
  params: choose,
  select,
  guess: (/** @type {Guess} */ guess) => {
    if (prediction) prediction.guess = guess;
  },
  filter: (/** @type {Filter} */ filter) => (store.filter = filter),
  runtime: (/** @type {Runtime} */ runtime) => {
    store.runtime = runtime;
    store.isTouched = true;
    store.faults = without(store.faults, "runtime");
    writeAddress({ card, choices: store.choices, runtime, run: session.run });
  },
  signal: (/** @type {{ pid: number, signal: VisitorSignal }} */ { pid, signal }) => void touch.send(session, { pid, signal }),
  menu: (/** @type {Asked} */ asked) => late.menu.element?.open(asked),
  seed: () => choose({ ...store.choices, seed: String(session.player.latest.head?.seed ?? "") }),
  play: () => session.player.play(),
  pause: () => session.player.pause(),
  follow: () => session.player.follow(),
  restart: () => session.player.seekTime(0),
  step: (/** @type {number} */ count) => session.player.step(count),
  seek: (/** @type {number} */ t) => session.player.seekTime(t),
  speed: (/** @type {number} */ speed) => (session.player.speed = speed),
  tool: (/** @type {Tool} */ tool) => views.timeline.tool(tool),
  ...moments.wishes,
};

/** Wishes that a hand says with each frame; of what is in view only the timeline shows anything, by itself. */
const QUICK = new Set(["seek", "range"]);

function listen() {
  for (const [name, act] of Object.entries(wishes)) {
    document.addEventListener(name, (event) => {
      if (!(event instanceof CustomEvent) || isOfExperiment(event)) return;
      act(event.detail);
      if (QUICK.has(name)) frames.soon();
      else if (name !== "window") mark();
    });
  }
  views.timeline.addEventListener("keydown", (event) => {
    const signal = signalOfKey(event);
    if (signal) touch.press(session, { process: chosen(session.player.latest), signal, may: may() });
  });
  document.addEventListener("keydown", (event) => {
    if (event.code === "Enter" && !isOfExperiment(event) && (event.ctrlKey || event.metaKey) && session.phase.kind !== "starting") {
      event.preventDefault();
      start();
      mark();
    }
  });
  places.tabs.addEventListener("click", (event) => turnTo(event.target));
}

/** Experiments have runs of their own, and hear their own wishes. @param {globalThis.Event} event */
function isOfExperiment({ target }) {
  return target instanceof Node && views.experiments.contains(target);
}

/** @param {EventTarget | null} target a tab of the phone's page */
function turnTo(target) {
  const tab = target instanceof HTMLElement ? target.dataset.tab : undefined;
  if (tab === undefined) return;
  places.content.dataset.tab = tab;
  for (const button of places.tabs.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
}

startFrame(text);
turnLanguageLink();
document.getElementById("share")?.addEventListener("click", async () => (await import("./playground/share.js")).share({ lang, text, card, session, ...store, moment: moments.words, announcer, hasPng: boot.png }));
listen();
addEventListener("beforeprint", () => frames.now());
const followed = boot.run?.id ?? address.run;
if (followed) session.follow(followed);
else if (boot.recorded) readRecording(card, (player) => session.showRecorded(player));
mark();
