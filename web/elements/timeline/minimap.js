/**
 * The whole run as a strip below the lanes, and on it the part in view as a handle: to be dragged, or moved and made
 * smaller and larger by keys. A press beside it brings that place into view.
 *
 * It is painted anew when something new is known, a few times a second; the handle is an element, and costs nothing.
 */

import { seconds } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { attribute, h, write } from "../dom.js";

/** @import { Process, Run } from "../../model/state.js" */
/** @import { Command } from "./keys.js" */
/** @import { Scene } from "./scene.js" */

const HEIGHT = 30;
/** The least time between two pictures while the run goes on, in ms. */
const PAUSE_MS = 1000;

/** @type {Readonly<Record<string, Command>>} */
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "zoom.in", ArrowDown: "zoom.out", Home: "fit", Equal: "zoom.in", Minus: "zoom.out", Digit0: "fit" };

export class Minimap {
  #slide;
  #command;
  #canvas = h("canvas", { "aria-hidden": "true" });
  #handle = h("div", { class: "handle", role: "slider", tabindex: 0, "aria-orientation": "horizontal", "aria-valuemin": 0 });
  #strip = h("div", { class: "strip" }, this.#handle);
  #word = h("span", { "aria-hidden": "true" });
  /** Goes into the element. */
  node = h("div", { class: "minimap", hidden: true }, this.#word, this.#strip);
  /** What is painted, by its run, size and colours. */
  #painted = { key: "", at: -Infinity };
  /** @type {{ x: number, from: number } | null} Where the handle was taken. */
  #held = null;
  /** @type {Scene | null} */
  #scene = null;

  /**
   * @param {(from: number) => void} slide brings a moment to the left edge of the view, µs
   * @param {(command: Command) => void} command
   */
  constructor(slide, command) {
    this.#slide = slide;
    this.#command = command;
    this.#strip.addEventListener("pointerdown", (event) => this.#take(event));
    this.#strip.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) this.#strip.addEventListener(end, () => (this.#held = null));
    this.#handle.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Scene | null} scene null: not needed */
  show(scene) {
    this.#scene = scene;
    this.node.hidden = scene === null;
    if (scene === null) return;
    if (this.#canvas.parentElement === null) this.#strip.prepend(this.#canvas);
    const { text, range, edge } = scene;
    const [from, to] = [Math.max(0, scene.from), Math.min(scene.to, edge)];
    this.node.style.setProperty("--left", `${scene.left}px`);
    this.#place(from, to, (scene.right - scene.left) / Math.max(edge, 1));
    write(this.#word, say(text, "timeline.whole"));
    attribute(this.#handle, "aria-label", say(text, "timeline.window"));
    attribute(this.#handle, "aria-valuemax", Math.round(edge / 1000));
    attribute(this.#handle, "aria-valuenow", Math.round(from / 1000));
    attribute(this.#handle, "aria-valuetext", say(text, "timeline.window.is", { from: seconds(from), to: seconds(from + Math.min(range.span, to - from)) }));
    this.#paint(scene);
  }

  /**
   * Panning moves the handle without laying out anything.
   * @param {number} from
   * @param {number} to
   * @param {number} scale pixels a µs
   */
  #place(from, to, scale) {
    const { style } = this.#handle;
    style.width = `${Math.max(0, (to - from) * scale).toFixed(1)}px`;
    style.transform = `translateX(${(from * scale).toFixed(1)}px)`;
  }

  /** @param {Scene} scene */
  #paint({ run, edge, surface, theme, left }) {
    const [now, width] = [performance.now(), Math.max(1, Math.floor(surface.width - left))];
    const key = `${run.head?.run} ${run.seq} ${width} ${theme.panel}`;
    if (key === this.#painted.key || (run.finish === null && now - this.#painted.at < PAUSE_MS)) return;
    this.#painted = { key, at: now };
    const ratio = globalThis.devicePixelRatio || 1;
    const [columns, rows] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
    if (this.#canvas.width !== columns || this.#canvas.height !== rows) Object.assign(this.#canvas, { width: columns, height: rows });
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d", { alpha: false }));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = theme.panel;
    context.fillRect(0, 0, width, HEIGHT);
    const row = HEIGHT / Math.max(run.processes.length, 4);
    for (const process of run.processes) {
      context.fillStyle = theme.processes[process.colour] ?? theme.dim;
      paintProcess(context, run, process, { scale: width / Math.max(edge, 1), edge, row, panel: theme.panel });
    }
  }

  /** @param {PointerEvent} event */
  #take(event) {
    if (this.#scene === null || event.button !== 0) return;
    const { left } = this.#strip.getBoundingClientRect();
    const t = (event.clientX - left) / this.#scale;
    const { from, to, range } = this.#scene;
    const start = t >= from && t <= to ? from : t - range.span / 2;
    this.#held = { x: event.clientX, from: start };
    this.#strip.setPointerCapture(event.pointerId);
    if (start !== from) this.#slide(start);
  }

  /** @param {PointerEvent} event */
  #move({ clientX }) {
    if (this.#held) this.#slide(this.#held.from + (clientX - this.#held.x) / this.#scale);
  }

  /** Pixels a µs. */
  get #scale() {
    return this.#strip.clientWidth / Math.max(this.#scene?.edge ?? 1, 1);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const command = KEYS[event.code];
    if (command === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#command(command);
  }
}

/**
 * Its life as a faint line, fainter where it waits, and on it the tasks, those nearer than a pixel as one.
 * @param {CanvasRenderingContext2D} context
 * @param {Run} run
 * @param {Process} process
 * @param {{ scale: number, edge: number, row: number, panel: string }} place
 */
function paintProcess(context, run, { key, started, exited, tasks, waits }, { scale, edge, row, panel }) {
  const [top, high] = [key * row, Math.max(row - (row > 3 ? 1 : 0), 0.75)];
  const end = (exited?.t ?? edge) * scale;
  context.globalAlpha = 0.3;
  context.fillRect(started.t * scale, top, Math.max(end - started.t * scale, 1), high);
  context.globalAlpha = 0.9;
  let last = -1;
  for (const task of tasks) {
    const { started: begun, ended } = run.tasks.at(task);
    const to = Math.ceil((ended?.t ?? edge) * scale);
    if (begun === null || to <= last) continue;
    const from = Math.max(Math.floor(begun.t * scale), last);
    context.fillRect(from, top, to - from, high);
    last = to;
  }
  if (tasks.length === 0 && row >= 2) {
    context.fillStyle = panel;
    context.globalAlpha = 0.7;
    for (const wait of waits) context.fillRect(wait.start * scale, top, ((wait.end ?? edge) - wait.start) * scale, high);
  }
  context.globalAlpha = 1;
}
