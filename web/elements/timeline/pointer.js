/**
 * Mouse, pen and fingers on the timeline: hover, click, drag to pan, the axis to look at a moment, pinch and
 * Ctrl + wheel to zoom. Vertical swipes stay with the page.
 */

import { AXIS_HEIGHT } from "./scene.js";

/** A press that moves less is a click. */
const CLICK = 4;

/**
 * What a gesture means; all lengths are CSS pixels within the canvas.
 * @typedef {object} Gestures
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {(x: number, y: number) => void} click
 * @property {(x: number, y: number) => void} menu
 * @property {(dx: number, dy: number) => void} drag
 * @property {(x: number) => void} scrub
 * @property {(factor: number, x: number) => void} zoom
 */

export class PointerInput {
  /** @type {HTMLElement} */
  #target;
  /** @type {Gestures} */
  #gestures;
  /** @type {Map<number, { x: number, y: number }>} */
  #pressed = new Map();
  /** @type {"none" | "press" | "drag" | "scrub" | "pinch"} */
  #doing = "none";
  #start = { x: 0, y: 0 };

  /**
   * @param {HTMLElement} target
   * @param {Gestures} gestures
   */
  constructor(target, gestures) {
    this.#target = target;
    this.#gestures = gestures;
    target.addEventListener("pointerdown", (event) => this.#down(event));
    target.addEventListener("pointermove", (event) => this.#move(event));
    target.addEventListener("pointerup", (event) => this.#up(event));
    target.addEventListener("pointercancel", (event) => this.#end(event));
    target.addEventListener("pointerleave", () => gestures.leave());
    target.addEventListener("contextmenu", (event) => this.#menu(event));
    target.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** @param {MouseEvent} event */
  #place(event) {
    const { left, top } = this.#target.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    const place = this.#place(event);
    this.#pressed.set(event.pointerId, place);
    this.#target.setPointerCapture(event.pointerId);
    if (this.#pressed.size === 2) this.#doing = "pinch";
    else if (place.y < AXIS_HEIGHT) this.#scrub(place.x);
    else {
      this.#doing = "press";
      this.#start = place;
    }
  }

  /** @param {number} x */
  #scrub(x) {
    this.#doing = "scrub";
    this.#gestures.scrub(x);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const place = this.#place(event);
    const before = this.#pressed.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.#gestures.hover(place.x, place.y);
      return;
    }
    this.#pressed.set(event.pointerId, place);
    if (this.#doing === "scrub") this.#gestures.scrub(place.x);
    else if (this.#doing === "pinch") this.#pinch(event.pointerId, before, place);
    else this.#drag(before, place);
  }

  /**
   * @param {{ x: number, y: number }} before
   * @param {{ x: number, y: number }} place
   */
  #drag(before, place) {
    if (this.#doing === "press") {
      if (Math.hypot(place.x - this.#start.x, place.y - this.#start.y) < CLICK) return;
      this.#doing = "drag";
      this.#gestures.leave();
      before = this.#start;
    }
    this.#gestures.drag(place.x - before.x, place.y - before.y);
  }

  /**
   * @param {number} id
   * @param {{ x: number, y: number }} before
   * @param {{ x: number, y: number }} place
   */
  #pinch(id, before, place) {
    const other = [...this.#pressed].find(([pointer]) => pointer !== id)?.[1];
    if (!other) return;
    const factor = Math.max(Math.abs(place.x - other.x), 20) / Math.max(Math.abs(before.x - other.x), 20);
    this.#gestures.zoom(factor, (place.x + other.x) / 2);
    this.#gestures.drag((place.x - before.x) / 2, 0);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const place = this.#place(event);
    if (this.#doing === "press" && this.#pressed.has(event.pointerId)) this.#gestures.click(place.x, place.y);
    this.#end(event);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    this.#pressed.delete(event.pointerId);
    this.#doing = this.#pressed.size === 1 ? "drag" : "none";
  }

  /** The right button, or a finger that stays: what is down then is no drag. @param {MouseEvent} event */
  #menu(event) {
    const { x, y } = this.#place(event);
    event.preventDefault();
    this.#pressed.clear();
    this.#doing = "none";
    this.#gestures.menu(x, y);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const { x } = this.#place(event);
    if (event.ctrlKey || event.metaKey) this.#gestures.zoom(Math.exp(-event.deltaY * 0.01), x);
    else if (event.shiftKey) this.#gestures.drag(-event.deltaY - event.deltaX, 0);
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#gestures.drag(-event.deltaX, 0);
    else return;
    event.preventDefault();
  }
}
