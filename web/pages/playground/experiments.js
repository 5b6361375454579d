/**
 * The experiments: which there are, and how one is opened. An experiment makes runs of its own; the playground's run
 * stays as it is.
 *
 * How it works: each mode is a module with `open`, which is fetched, with its style sheet and the sentences of the
 * experiments, when the reader opens it first. It gets a {@link Desk}: all that it may know of the page. What it wants the address to say it tells by
 * `remember`; its words stand there with a point in them (`b.start=spawn`), which no parameter's name has, beside
 * `experiment=twin`.
 *
 * To add one: a line in `MODES`, a module, a sheet, and its name as `experiment.<id>` in the texts.
 *
 * @import { Card, JsonValue, RunFinished, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { ExperimentTabs } from "../../elements/experiments/experiment-tabs.js";
import { readSentences } from "../frame.js";
import { readExperiment, writeExperiment } from "./address.js";
import { reveal } from "./reveal.js";
import { addSheet } from "./sheet.js";

/**
 * What the controls of the page say.
 * @typedef {object} Present
 * @property {Record<string, JsonValue>} params every parameter with its value, which may be wrong
 * @property {string} seed as entered; empty for a random one
 * @property {Runtime} runtime
 */

/**
 * What an experiment knows of the page.
 * @typedef {object} Desk
 * @property {"zh" | "en"} lang
 * @property {TextTable} text
 * @property {Card} card
 * @property {() => Present} present
 * @property {(words: Record<string, string>) => void} remember what of the experiment the address says; each word has a point
 * @property {(sentence: string) => void} announce tells screen readers
 * @property {() => RunFinished | null} former how the run went that the playground shows, once it has ended
 * @property {() => void} help shows the keys
 * @property {(run: string) => void} watch shows a run in the playground's own views
 */

/**
 * An open experiment.
 * @typedef {object} Experiment
 * @property {HTMLElement} element
 * @property {() => void} refresh the controls may have changed, or it is shown again
 */

/**
 * @typedef {object} Mode
 * @property {string} id
 * @property {string} sheet its style
 * @property {() => Promise<{ open: (desk: Desk, words: Readonly<Record<string, string>>) => Experiment }>} load
 */

/** @type {readonly Mode[]} */
const MODES = [
  { id: "twin", sheet: "twin.css", load: () => import("./twin.js") },
  { id: "sweep", sheet: "sweep.css", load: () => import("./sweep.js") },
  { id: "repeat", sheet: "repeat.css", load: () => import("./repeat.js") },
];

export class Experiments {
  #tabs;
  #desk;
  /** @type {string | null} */
  #chosen = null;
  /** @type {Map<string, Promise<Experiment>>} */
  #open = new Map();
  /** What each experiment wants the address to say. @type {Map<string, Record<string, string>>} */
  #words = new Map();

  /**
   * Shows the tabs, and opens the experiment that the address asks for.
   * @param {ExperimentTabs} tabs
   * @param {Omit<Desk, "remember">} desk
   */
  constructor(tabs, desk) {
    this.#tabs = tabs;
    this.#desk = desk;
    const { id, words } = readExperiment();
    tabs.addEventListener("experiment", (event) => {
      if (event instanceof CustomEvent) void this.#choose(event.detail, {}, true);
    });
    this.#show();
    if (id !== null) void this.#choose(id, words, false);
  }

  /** The controls may have changed. */
  refresh() {
    const open = this.#chosen === null ? undefined : this.#open.get(this.#chosen);
    void open?.then((experiment) => experiment.refresh());
  }

  /**
   * @param {string | null} id one that is unknown is none
   * @param {Readonly<Record<string, string>>} words of the address
   * @param {boolean} isAsked whether the reader asked for it just now, who then wants to see it
   */
  async #choose(id, words, isAsked) {
    const mode = MODES.find((one) => one.id === id);
    this.#chosen = mode?.id ?? null;
    if (isAsked) writeExperiment(this.#chosen, this.#words.get(this.#chosen ?? "") ?? {});
    if (mode === undefined) return this.#show();
    const place = this.#tabs.panel(mode.id);
    const open = this.#open.get(mode.id) ?? this.#load(mode, words);
    this.#open.set(mode.id, open);
    const { element, refresh } = await open;
    if (element.parentNode !== place) place.append(element);
    refresh();
    this.#show();
    if (isAsked && this.#chosen === mode.id) reveal(this.#tabs);
  }

  /**
   * @param {Mode} mode
   * @param {Readonly<Record<string, string>>} words
   * @returns {Promise<Experiment>}
   */
  async #load({ id, sheet, load }, words) {
    const [module, sentences] = await Promise.all([load(), readSentences("experiments", this.#desk.lang), addSheet(sheet)]);
    const remember = (/** @type {Record<string, string>} */ own) => {
      this.#words.set(id, own);
      if (this.#chosen === id) writeExperiment(id, own);
    };
    return module.open({ ...this.#desk, text: { ...this.#desk.text, ...sentences }, remember }, words);
  }

  #show() {
    const { text } = this.#desk;
    this.#tabs.view = { text, tabs: MODES.map(({ id }) => ({ id, label: say(text, `experiment.${id}`) })), chosen: this.#chosen };
  }
}
