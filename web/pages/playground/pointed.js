/**
 * What the reader points at, by pointer or by focus, and what of the page belongs to it.
 *
 * How it works: views say what their nodes show (`data-process`, `data-task`, `data-item`, `data-event`, `data-line`);
 * this module listens for the whole document, and sets `data-lit` on every node that shows something that is lit. No
 * view is drawn anew for that; nodes that come later are lit when {@link Pointed.show} is called.
 *
 * @import { Light, Pointed as Thing } from "../../model/light.js"
 * @import { Player } from "../../model/player.js"
 */

import { DARK, isSame, lightOf } from "../../model/light.js";

/** @type {readonly (readonly [kind: Thing["kind"], of: keyof Light])[]} */
const KINDS = [["process", "processes"], ["task", "tasks"], ["item", "items"], ["event", "events"], ["line", "lines"]];
const ANY = KINDS.map(([kind]) => `[data-${kind}]`).join(",");

export class Pointed {
  /** @type {Thing | null} */
  #thing = null;
  #light = DARK;
  #changed;

  /** @param {() => void} changed the reader points at something else */
  constructor(changed) {
    this.#changed = changed;
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch" && !isCanvas(event.target)) this.#point(thingOf(event.target));
    });
    document.documentElement.addEventListener("pointerleave", () => this.#point(null));
    document.addEventListener("focusin", ({ target }) => {
      if (target instanceof Element && target.matches(":focus-visible")) this.#point(thingOf(target));
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
    for (const node of document.querySelectorAll(ANY)) relight(/** @type {HTMLElement} */ (node), this.#light);
    return this.#thing === null ? DARK : this.#light;
  }
}

/**
 * @param {HTMLElement} node
 * @param {Light} light
 */
function relight(node, light) {
  const isLit = KINDS.some(([kind, of]) => node.dataset[kind] !== undefined && light[of].has(Number(node.dataset[kind])));
  if (isLit !== node.hasAttribute("data-lit")) node.toggleAttribute("data-lit", isLit);
}

/**
 * What a node shows, or the nearest around it that shows something; lines of a program that did not run show nothing.
 * @param {EventTarget | null} target
 * @returns {Thing | null}
 */
function thingOf(target) {
  const node = target instanceof Element ? target.closest(ANY) : null;
  if (!(node instanceof HTMLElement) || node.closest("[data-foreign]")) return null;
  const kind = KINDS.find(([name]) => node.dataset[name] !== undefined)?.[0];
  return kind ? { kind, key: Number(node.dataset[kind]) } : null;
}

/** The timeline's canvas says itself what is under the pointer. @param {EventTarget | null} target */
function isCanvas(target) {
  return target instanceof HTMLCanvasElement;
}
