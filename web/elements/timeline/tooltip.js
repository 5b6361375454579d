/** The note beside the pointer: when, for how long, and the event's sentence. */

import { duration, seconds } from "../../base/duration.js";
import { sentence } from "../../model/sentence.js";
import { h, write } from "../dom.js";

/** @import { Event } from "../../protocol.js" */
/** @import { Hit, Scene } from "./scene.js" */

const GAP = 14;

export class Tooltip {
  #time = h("b");
  #words = h("span");
  /** Goes into the element; hidden from screen readers, who have the event table. */
  node = h("div", { class: "note", "aria-hidden": "true", hidden: true }, this.#time, this.#words);

  /**
   * @param {Scene} scene
   * @param {Hit} hit
   * @param {Event | undefined} event
   * @param {{ x: number, y: number }} place of the pointer
   */
  show(scene, hit, event, place) {
    const last = hit.end === null ? "" : ` – ${seconds(hit.end, 3)} s · ${duration(hit.end - hit.start)}`;
    write(this.#time, `${seconds(hit.start, 3)}${last === "" ? " s" : last}`);
    write(this.#words, event ? sentence(event, scene.run, scene.text) : "");
    this.node.hidden = false;
    this.#put(scene, place);
  }

  hide() {
    if (!this.node.hidden) this.node.hidden = true;
  }

  /**
   * Beside the pointer, within the canvas.
   * @param {Scene} scene
   * @param {{ x: number, y: number }} place
   */
  #put({ surface }, { x, y }) {
    const { offsetWidth, offsetHeight } = this.node;
    const left = x + GAP + offsetWidth < surface.width ? x + GAP : Math.max(0, x - GAP - offsetWidth);
    const top = y + GAP + offsetHeight < surface.height ? y + GAP : Math.max(0, y - GAP - offsetHeight);
    this.node.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
