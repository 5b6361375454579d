/**
 * `<run-meter>`: is the picture complete? Started = exited = reaped, nothing dropped, and how exactly one could see.
 * With the class `brief` it is one line.
 *
 * Data down: `view`. Wish up: `seed` (run again with this one).
 *
 * @import { Run } from "../model/state.js"
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { attribute, h, keyed, wish, write } from "./dom.js";
import { colour } from "./words.js";

/**
 * @typedef {object} MeterView
 * @property {TextTable} text
 * @property {Run} run the newest state
 */

export class RunMeter extends HTMLElement {
  #sum = h("p", { class: "sum" });
  #events = h("p", { class: "hint" });
  #observer = h("p", { class: "observer" });
  #share = h("div", { class: "share", role: "img" });
  #host = h("p", { class: "hint" });
  #layers = h("p", { class: "hint" });
  #seedWord = h("span", {});
  #seedButton = h("button", { type: "button", class: "button quiet small", onclick: () => wish(this, "seed") });
  #seed = h("p", { class: "hint seed" }, this.#seedWord, this.#seedButton);
  #more = [this.#events, this.#share, this.#observer, this.#host, this.#layers, this.#seed];

  connectedCallback() {
    this.append(this.#sum, ...(this.classList.contains("brief") ? [] : this.#more));
  }

  /** @param {MeterView} view */
  set view(view) {
    const { text, run } = view;
    const isBrief = this.classList.contains("brief");
    this.#sum.hidden = isBrief && run.head === null;
    write(this.#sum, run.head ? sumOf(text, run, isBrief) : say(text, "meter.empty"));
    attribute(this.#sum, "data-equal", run.head === null ? "none" : String(isEqual(run) && run.finish !== null));
    for (const part of this.#more) part.hidden = run.head === null;
    if (!isBrief && run.head) this.#fill(text, run, run.head);
  }

  /**
   * @param {TextTable} text
   * @param {Run} run
   * @param {NonNullable<Run["head"]>} head
   */
  #fill(text, run, head) {
    write(this.#events, say(text, "meter.dropped", { events: run.seq, dropped: droppedOf(run) }));
    attribute(this.#observer, "data-observer", head.observer);
    write(this.#observer, head.observer === "exact" ? say(text, "meter.exact") : say(text, "meter.degraded", { lost: head.lost ?? "" }));
    write(this.#host, say(text, "meter.host", { ...head.host }));
    write(this.#layers, `${say(text, "meter.sandbox")}: ${layers(head.sandbox)}`);
    write(this.#seedWord, say(text, "meter.seed", { seed: head.seed }));
    write(this.#seedButton, say(text, "meter.seed.use"));
    attribute(this.#share, "aria-label", say(text, "meter.share"));
    keyed(this.#share, run.processes, ({ key }) => key, () => h("i", {}), (bar, process) => {
      bar.style.setProperty("--own", colour(process));
      bar.style.flexGrow = String(process.events);
      bar.title = `${process.label} ${process.events}`;
    });
  }
}

/** @param {Run} run */
function isEqual({ meter }) {
  return meter.started === meter.exited && meter.exited === meter.reaped;
}

/**
 * @param {TextTable} text
 * @param {Run} run
 * @param {boolean} isBrief then there is room for what was dropped only if something was
 */
function sumOf(text, run, isBrief) {
  const sum = say(text, isEqual(run) && run.meter.started > 0 ? "meter.equal" : "meter.counts", run.meter);
  const dropped = droppedOf(run);
  return isBrief && dropped > 0 ? sum + say(text, "meter.brief", { dropped }) : sum;
}

/** How many events were cut. @param {Run} run */
function droppedOf({ truncations }) {
  return truncations.filter(({ what }) => what === "events").reduce((sum, cut) => sum + cut.dropped, 0);
}

/** @param {Readonly<Record<string, string>>} sandbox */
function layers(sandbox) {
  return Object.entries(sandbox).map(([layer, state]) => (state === "active" ? `${layer}\u00a0✓` : `${layer} — ${state}`)).join(" · ");
}

customElements.define("run-meter", RunMeter);
