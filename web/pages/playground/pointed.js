/**
 * What the reader points at, by pointer or by focus, and what of the page belongs to it.
 *
 * How it works: views say what their nodes show (`elements/lit.js`); this module listens for the whole document, and sets `data-lit` on every node that shows something that is lit. No
 * view is drawn anew for that; nodes that come later are lit when {@link Pointed.show} is called.
 *
 * @import { Light, Pointed as Thing } from "../../model/light.js"
 * @import { Player } from "../../model/player.js"
 */

import { relight, showing, thingOf } from "../../elements/lit.js";
import { DARK, isSame, lightOf } from "../../model/light.js";

/** Experiments show other runs, whose processes have the same keys. */
const ANY = showing(":not(experiment-tabs *)");

export class Pointed {
  /** @type {Thing | null} */
  #thing = null;
  #light = DARK;
  #changed;

  /** @param {() => void} changed the reader points at something else */
  constructor(changed) {
    this.#changed = changed;
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch" && !isCanvas(event.target)) this.#point(thingOf(event.target, ANY));
    });
    document.documentElement.addEventListener("pointerleave", () => this.#point(null));
    document.addEventListener("focusin", ({ target }) => {
      if (target instanceof Element && target.matches(":focus-visible")) this.#point(thingOf(target, ANY));
    });
    document.addEventListener("hover", (event) => {
      if (event instanceof CustomEvent) this.#point(event.detail);
    });
  }

  /** @param {Thing | null} thing */
  #point(thing) {
    if (isSame(thing, this.#thing)) return;
    this.#thing = thing;
    this.#changed();
  }

  /**
   * Lights what belongs to the thing that the reader points at; if at nothing, to what is selected.
   * @param {Thing | null} selection
   * @param {Player} player
   * @returns {Light} what is lit
   */
  show(selection, { latest, events }) {
    const former = this.#light;
    this.#light = lightOf(this.#thing ?? selection, latest, events);
    if (this.#light === DARK && former === DARK) return DARK;
    relight(document.querySelectorAll(ANY), this.#light);
    return this.#thing === null ? DARK : this.#light;
  }
}

/** The timeline's canvas says itself what is under the pointer. @param {EventTarget | null} target */
function isCanvas(target) {
  return target instanceof HTMLCanvasElement;
}
