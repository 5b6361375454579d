/**
 * What one sees of the lanes: a canvas in the page's colours that stays in place while the lanes' room scrolls below it.
 *
 * Its measures are kept, as asking the document for them would lay out the page in the middle of a frame.
 */

import { seconds } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { attribute, h } from "../dom.js";
import { AXIS_HEIGHT } from "./scene.js";
import { Surface } from "./surface.js";

/** @import { TextTable } from "../../base/text.js" */
/** @import { Player } from "../../model/player.js" */

/** Room below the last lane, in pixels. */
const BELOW = 6;
const PRINT = ["beforeprint", "afterprint"];
/** What surely fits on one sheet, in pixels. */
const SHEET = 900;

export class Viewport {
  width = 0;
  height = 0;
  /** Pixels of lanes above the visible ones. */
  scroll = 0;
  /** The height that lanes have in any case. */
  room = 0;
  canvas = h("canvas", { role: "img" });
  #sizer = h("div", { class: "lanes" });
  /** Takes the focus. */
  scroller = h("div", { class: "scroller", role: "group", tabindex: 0 }, this.canvas, this.#sizer);
  /** @type {Surface | null} The canvas, once it is in the document. */
  surface = null;
  #total = 0;
  #observer;
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  #onTheme;
  #onPrint;

  /**
   * @param {() => void} changed
   * @param {() => void} urgent at once: what is about to be printed waits for no frame
   */
  constructor(changed, urgent) {
    this.#onTheme = () => {
      this.surface?.retheme();
      urgent();
    };
    // Paper does not scroll: all lanes are in sight on it.
    this.#onPrint = (/** @type {Event} */ { type }) => {
      if (type === "afterprint") this.#measure();
      else Object.assign(this, { scroll: 0, height: this.#total });
      attribute(this.scroller, "data-sheets", this.#total > SHEET ? "many" : "one");
      urgent();
    };
    this.#observer = new ResizeObserver(() => {
      this.#measure();
      changed();
    });
    this.scroller.addEventListener("scroll", () => {
      this.scroll = this.scroller.scrollTop;
      changed();
    });
  }

  open() {
    this.surface = new Surface(this.canvas);
    this.#observer.observe(this.scroller);
    document.addEventListener("themechange", this.#onTheme);
    this.#scheme.addEventListener("change", this.#onTheme);
    for (const when of PRINT) addEventListener(when, this.#onPrint);
  }

  close() {
    this.#observer.disconnect();
    document.removeEventListener("themechange", this.#onTheme);
    this.#scheme.removeEventListener("change", this.#onTheme);
    for (const when of PRINT) removeEventListener(when, this.#onPrint);
  }

  #measure() {
    this.room = (Number.parseFloat(getComputedStyle(this.scroller).minHeight) || 0) - AXIS_HEIGHT - BELOW;
    this.width = this.scroller.clientWidth;
    this.height = this.scroller.clientHeight;
    this.scroll = this.scroller.scrollTop;
  }

  /** Whether there are more lanes than one sees. */
  get isTooSmall() {
    return this.#total > this.height + 1;
  }

  /** Makes room for the lanes; the style says how much of it is shown. @param {number} height */
  fit(height) {
    const total = AXIS_HEIGHT + height + BELOW;
    if (total === this.#total) return;
    this.#total = total;
    this.#sizer.style.height = `${total}px`;
  }

  /**
   * Says what the canvas shows, for those who do not see it.
   * @param {{ player: Player, text: TextTable }} view
   */
  describe({ player: { latest, end }, text }) {
    const { processes, tasks, queues } = latest;
    const counts = { processes: processes.length, tasks: tasks.length, queues: queues.length };
    attribute(this.canvas, "aria-label", say(text, "timeline.summary", { ...counts, time: seconds(end, 1) }));
    attribute(this.scroller, "aria-label", say(text, "timeline.title"));
    attribute(this.scroller, "aria-description", say(text, "timeline.keys"));
  }

  /** @param {number} top */
  scrollTo(top) {
    this.scroll = Math.min(Math.max(top, 0), Math.max(0, this.#total - this.height));
    this.scroller.scrollTop = this.scroll;
  }

  /** Scrolls as little as it takes. @param {{ top: number, height: number }} lane */
  reveal(lane) {
    const lowest = lane.top + lane.height + AXIS_HEIGHT - this.height;
    const top = Math.min(Math.max(this.scroll, lowest), lane.top);
    if (top !== this.scroll) this.scrollTo(top);
  }
}
