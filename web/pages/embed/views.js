/**
 * The views of an embed in one language: made, put together, shown.
 *
 * `simple` has the timeline, the output and one button; `full` has the scrubber, the tree, the source and the queues
 * besides, behind tabs, so that an embed stays as high as a picture in a text. All views are the playground's own.
 *
 * @import { Card, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { BarView } from "../../elements/run-bar.js"
 * @import { Filter } from "../../elements/run-output.js"
 * @import { CodeAt, Selection } from "../../elements/words.js"
 * @import { Player } from "../../model/player.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, wish, write } from "../../elements/dom.js";
import { ProcessTree } from "../../elements/process-tree.js";
import { QueuePanel } from "../../elements/queue-panel.js";
import { RunBar } from "../../elements/run-bar.js";
import { OutputFilter, RunOutput } from "../../elements/run-output.js";
import { RunScrubber } from "../../elements/run-scrubber.js";
import { SourceView } from "../../elements/source/source-view.js";
import { ProcessTimeline } from "../../elements/timeline.js";
import { selectedProcess } from "../../elements/words.js";
import { captionOf } from "../playground/caption.js";

/** @typedef {"tree" | "output" | "source" | "queues"} Tab */

/**
 * @typedef {object} Making
 * @property {TextTable} text
 * @property {"zh" | "en"} lang
 * @property {Card} card
 * @property {boolean} isSimple
 * @property {boolean} canRun whether there is a server
 * @property {string | null} page the full page's address
 */

/**
 * @typedef {object} Shown
 * @property {Player} player
 * @property {BarView} bar
 * @property {Selection} selection
 * @property {Filter} filter
 * @property {Tab} tab
 * @property {Runtime} runtime
 * @property {"none" | "own" | "viewer" | "over"} may
 */

const BADGES = /** @type {const} */ ({ empty: "none", live: "live", finished: "end", replay: "replay" });

export class Views {
  timeline = new ProcessTimeline();
  #text;
  #card;
  #codeAt;
  #badge = h("span", { class: "badge" });
  #caption = h("p", { class: "caption", "aria-live": "off" });
  #empty = h("p", { class: "empty" });
  #bar = new RunBar();
  #scrubber = new RunScrubber();
  #filter = new OutputFilter();
  #output = new RunOutput();
  #tree = new ProcessTree();
  #source = new SourceView();
  #queues = new QueuePanel();
  #tabs = h("nav", { class: "tabs" });
  #head;
  /** @type {HTMLElement} */
  element;

  /**
   * @param {Making} making
   * @param {CodeAt} codeAt
   */
  constructor(making, codeAt) {
    const { text, lang, card, isSimple } = making;
    // What the button does here is said in other words than on the playground.
    this.#text = { ...text, "run.run": say(text, "embed.run"), "run.own": say(text, "embed.run") };
    this.#card = card;
    this.#codeAt = codeAt;
    this.#head = h("header", { class: "top" }, h("h1", {}, card.title[lang]), this.#badge, h("span", { class: "spring" }), ...this.#link(making));
    this.element = h("section", { class: "panel stage-of-embed", "data-view": isSimple ? "simple" : "full", "data-runs": making.canRun, "aria-label": card.title[lang] },
      this.#head, h("div", { class: "stand" }, this.#bar), this.#caption,
      h("div", { class: "stage" }, this.timeline, this.#empty),
      ...(isSimple ? [this.#playButton(making.canRun), this.#outputPart()] : this.#parts()));
  }

  /** What moves with every frame. @param {Pick<Shown, "player" | "selection">} shown */
  showTime({ player, selection }) {
    const { mode, time, end, isPlaying, goesOn, speed } = player;
    const text = this.#text;
    attribute(this.#head, "data-mode", mode);
    attribute(this.element, "data-mode", mode);
    attribute(this.element, "data-ended", !goesOn && time >= end);
    this.timeline.view = { text, player, selection };
    this.#scrubber.view = { text, mode, time, end, isPlaying, isOver: !goesOn, speed };
  }

  /** All else; between two views the frame may end. @param {Shown} shown */
  *showWords({ player, bar, selection, filter, tab, runtime, may }) {
    const { run, latest, time: now } = player;
    const text = this.#text;
    const chosen = selectedProcess(run, selection);
    write(this.#badge, say(text, `scrub.mode.${BADGES[player.mode]}`));
    write(this.#caption, captionOf(player, text));
    write(this.#empty, say(text, "run.starting"));
    this.#empty.hidden = player.mode !== "empty";
    this.#bar.view = { ...bar, text };
    attribute(this.element, "data-tab", tab);
    this.#showTabs(tab, latest.queues.length > 0);
    yield;
    this.#filter.view = this.#output.view = { text, run, chosen, filter };
    if (!this.#tree.isConnected) return;
    yield;
    this.#tree.view = { text, run, selection, now, codeAt: this.#codeAt, latest, may };
    yield;
    this.#source.view = { text, sources: this.#card.sources, runtime, run, chosen, selection };
    this.#queues.view = { text, run, selection, now };
  }

  /** @param {Making} making */
  #link({ text, page }) {
    if (page === null) return [];
    return [h("a", { class: "button quiet small", href: page, target: "_blank", rel: "noopener", title: say(text, "embed.page.title") }, `${say(text, "embed.page")} ↗`)];
  }

  /** Where nothing can be run, the one button plays the recording. @param {boolean} canRun */
  *#play(canRun) {
    if (!canRun) yield h("button", { type: "button", class: "button primary", onclick: () => wish(this.element, "turn") }, say(this.#text, "scrub.play"));
  }

  /** @param {boolean} canRun */
  #playButton(canRun) {
    return h("p", { class: "play" }, ...this.#play(canRun));
  }

  #outputPart() {
    return h("div", { class: "part", "data-part": "output" }, this.#output);
  }

  #parts() {
    const text = this.#text;
    this.#tabs.setAttribute("aria-label", say(text, "tabs.title"));
    for (const tab of /** @type {const} */ (["tree", "output", "source", "queues"])) {
      const title = say(text, tab === "queues" ? "queue.title" : `tabs.${tab}`);
      this.#tabs.append(h("button", { type: "button", "data-tab": tab, onclick: () => wish(this.element, "tab", tab) }, title));
    }
    const part = (/** @type {Tab} */ name, /** @type {HTMLElement[]} */ ...views) => h("div", { class: "part", "data-part": name }, ...views);
    return [this.#scrubber, this.#tabs, h("div", { class: "parts" },
      part("tree", this.#tree), part("output", this.#output), part("source", this.#source), part("queues", this.#queues))];
  }

  /**
   * @param {Tab} tab
   * @param {boolean} hasQueues
   */
  #showTabs(tab, hasQueues) {
    for (const button of this.#tabs.querySelectorAll("button")) {
      attribute(button, "aria-pressed", String(button.dataset.tab === tab));
      button.hidden = button.dataset.tab === "queues" && !hasQueues;
    }
  }
}
