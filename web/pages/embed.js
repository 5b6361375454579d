/**
 * An embed: one scenario in a frame on somebody else's page.
 *
 * How it works: nothing is asked for before the frame is in sight. Then the recorded run is read and stands at its end
 * (`start=click`), plays (`replay`), or gives way to a run of the reader's (`auto`). The page around may drive it by
 * messages (`embed/messages.js`); the address stays as it is.
 *
 * @import { Runtime, VisitorSignal } from "../protocol.js"
 * @import { Player } from "../model/player.js"
 * @import { Filter } from "../elements/run-output.js"
 * @import { Selection } from "../elements/words.js"
 * @import { Tab } from "./embed/views.js"
 */

import { say } from "../base/text.js";
import { DARK } from "../model/light.js";
import { sentence } from "../model/sentence.js";
import { langOf, readBoot, readWishes, readersLang, textOf } from "./embed/boot.js";
import { hear, tell } from "./embed/messages.js";
import { Stage } from "./embed/stage.js";
import { Views } from "./embed/views.js";
import { codeIn, told } from "./playground/caption.js";
import { Frames } from "./playground/frames.js";
import { Pointed } from "./playground/pointed.js";
import { aboutRecording } from "./playground/recording.js";

const boot = await readBoot();
const { card } = boot;
const wishes = readWishes(card, location.search);
let lang = langOf(boot, wishes);
let text = await textOf(boot, lang);

/** The one store. */
const store = {
  /** @type {Selection} */
  selection: null,
  /** @type {Filter} */
  filter: "all",
  /** @type {Tab} */
  tab: "tree",
  /** @type {Runtime | null} the program that the reader looks at; else the one that ran */
  runtime: wishes.runtime,
};

const codeAt = codeIn(card.sources);
const place = /** @type {HTMLElement} */ (document.getElementById("content"));
const stage = new Stage({ boot, wishes, lang, text, changed: mark });
const pointed = new Pointed(light);
/** What was told to the page around, so that nothing is told twice. */
const heard = { state: "", event: 0 };
let views = makeViews();

const frames = new Frames({
  advance: (now) => stage.player.advance(now),
  isCatchingUp: () => stage.player.isCatchingUp,
  goesOn: () => stage.player.mode === "live" || stage.player.isPlaying,
  time: () => views.showTime({ player: stage.player, selection: store.selection }),
  words: showWords,
});

function mark() {
  frames.all();
}

function makeViews() {
  const isSimple = wishes.view === "simple";
  const made = new Views({ text, lang, card, isSimple, canRun: stage.canRun, page: fullPage() }, codeAt);
  place.replaceChildren(made.element);
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = card.title[lang];
  return made;
}

/** The playground with the same parameters. */
function fullPage() {
  if (boot.page === null) return null;
  const address = new URL(boot.page, location.href);
  for (const [name, value] of Object.entries(wishes.params)) address.searchParams.set(name, String(value));
  if (wishes.runtime !== null) address.searchParams.set("runtime", wishes.runtime);
  address.searchParams.set("lang", lang);
  return address.href;
}

function* showWords() {
  const { player } = stage;
  const runtime = store.runtime ?? player.latest.head?.runtime ?? card.sources[0]?.runtime ?? "rust";
  yield* views.showWords({ player, bar: barView(), ...store, runtime, may: may() });
  light();
  report(player);
}

function light() {
  const { player } = stage;
  views.timeline.light = player.events.length > 0 ? pointed.show(store.selection, player) : DARK;
}

function barView() {
  const { player, phase, link, own, isRecorded } = stage;
  const { head } = player.latest;
  const recorded = isRecorded && head ? aboutRecording({ text, lang, card }, head, { params: { ...defaults, ...wishes.params }, seed: "" }) : "";
  const stays = isRecorded && phase.kind !== "recorded" ? [say(text, "embed.stays")] : [];
  const lookedAt = player.mode === "replay" && player.goesOn ? player.time : null;
  return { text, phase, link, own, recorded, hasTwins: false, stuck: null, run: player.latest, now: player.end, lookedAt, isChanged: false, strange: stays };
}

const defaults = Object.fromEntries(card.params.map((param) => [param.name, param.default]));

function may() {
  if (stage.isRecorded || stage.player.mode === "empty") return "none";
  return stage.isBusy ? (stage.own ? "own" : "viewer") : "over";
}

/** Tells the page around what is new. @param {Player} player */
function report(player) {
  const { mode, isPlaying, time, end } = player;
  const state = { state: stage.phase.kind, mode, playing: isPlaying || mode === "live" };
  const event = told(player);
  if (heard.state !== JSON.stringify(state)) {
    heard.state = JSON.stringify(state);
    tell("state", { ...state, t: time / 1e6, end: end / 1e6 });
  }
  if (event === null || heard.event === event.seq) return;
  heard.event = event.seq;
  tell("event", { seq: event.seq, t: event.t / 1e6, kind: event.type, pid: event.pid ?? null, sentence: sentence(event, player.latest, text) });
}

/** @param {number} t µs */
function seek(t) {
  stage.player.seekTime(t);
  tell("seek", { t: stage.player.time / 1e6 });
}

/** @type {Record<string, (detail: any) => void>} */
const deeds = {
  run: () => void stage.start(),
  stop: () => stage.stop(),
  select: (/** @type {Selection} */ selection) => (store.selection = selection),
  filter: (/** @type {Filter} */ filter) => (store.filter = filter),
  runtime: (/** @type {Runtime} */ runtime) => (store.runtime = runtime),
  tab: (/** @type {Tab} */ tab) => (store.tab = tab),
  signal: (/** @type {{ pid: number, signal: VisitorSignal }} */ { pid, signal }) => stage.signal(pid, signal),
  play: () => stage.player.play(),
  pause: () => stage.player.pause(),
  turn: () => (stage.player.isPlaying || stage.player.mode === "live" ? stage.player.pause() : stage.player.play()),
  follow: () => stage.player.follow(),
  restart: () => seek(0),
  step: (/** @type {number} */ count) => stage.player.step(count),
  seek,
  speed: (/** @type {number} */ speed) => (stage.player.speed = speed),
};

for (const [name, act] of Object.entries(deeds)) {
  document.addEventListener(name, (event) => {
    if (!(event instanceof CustomEvent)) return;
    act(event.detail);
    if (name === "seek") frames.soon();
    else mark();
  });
}

hear({
  seek: (to) => {
    const { player } = stage;
    if ("t" in to) player.seekTime(to.t * 1e6);
    else player.seekSeq(to.event);
    mark();
  },
  play: () => wishFromOutside(() => stage.player.play()),
  pause: () => wishFromOutside(() => stage.player.pause()),
  theme: (theme, font) => {
    if (theme !== null) document.dispatchEvent(new CustomEvent("embedtheme", { detail: theme }));
    if (font !== null) document.documentElement.style.fontSize = `${font}px`;
    document.documentElement.dataset.hosted = "";
    tell("theme", { theme, font });
    tellHeight();
  },
  lang: (wished) => void speak(wished === "auto" ? readersLang() : wished),
});

/** @param {() => void} act */
function wishFromOutside(act) {
  if (stage.player.mode === "empty") return;
  act();
  mark();
}

/** @param {"zh" | "en"} wished */
async function speak(wished) {
  text = await textOf(boot, wished);
  lang = wished;
  stage.speak(text, lang);
  views = makeViews();
  mark();
  tell("lang", { lang });
}

/** Resolves once the frame is in sight. @returns {Promise<void>} */
function inSight() {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(place);
  });
}

/** Goes to the moment that the address names. */
function goToMoment() {
  const { player, isRecorded } = stage;
  const { period, time, event } = wishes.moment;
  if (!isRecorded) return;
  if (period) views.timeline.show(period);
  if (time !== null) player.seekTime(time);
  if (event === null || event > player.events.length) return;
  store.selection = { kind: "event", key: event };
  if (time === null) player.seekSeq(event);
}

function tellHeight() {
  tell("resize", { height: Math.ceil(document.body.getBoundingClientRect().height) });
}

new ResizeObserver(tellHeight).observe(document.body);
document.addEventListener("themechange", mark);
mark();
tell("ready", { scenario: card.id, lang });
await inSight();
await stage.open();
goToMoment();
if (wishes.start === "auto") void stage.start();
else if (wishes.start === "replay" && stage.isRecorded && !matchMedia("(prefers-reduced-motion: reduce)").matches) stage.player.play();
mark();
