/**
 * `<process-timeline>`: the run as lanes over time, painted on a canvas.
 *
 * How it works: all that is known is painted (`timeline/picture.js`), the past and, in a replay, the future faintly; a
 * camera says which part of the time is in view. A frame is painted when something changed, never otherwise: at once
 * when the page gives a new state, else with the next frame.
 *
 * Several timelines may stand `beside` each other on one clock: then they share the camera and the room for labels, so
 * that a moment has the same place in all of them, and what moves one moves all.
 *
 * Data down: `view`, `light`. Wishes up: `select`, `hover`, `menu`, `seek` (µs), `step` (±1), `turn` (play or pause), `mark`
 * (µs), `range`, `window` (the part of the time in view), `search`, `help`. The event table is its twin without pictures.
 *
 * @import { TextTable } from "../base/text.js"
 * @import { Light, Pointed } from "../model/light.js"
 * @import { Player } from "../model/player.js"
 * @import { Known } from "./timeline/camera.js"
 * @import { Command } from "./timeline/keys.js"
 * @import { Period } from "./timeline/moments.js"
 * @import { Cursor } from "./timeline/picture.js"
 * @import { Surface } from "./timeline/surface.js"
 * @import { Tool } from "./timeline-tools.js"
 * @import { Selection } from "./words.js"
 */

import { DARK, isSame } from "../model/light.js";
import { h, wish } from "./dom.js";
import { Backdrop } from "./timeline/backdrop.js";
import { Camera } from "./timeline/camera.js";
import { commandOf } from "./timeline/keys.js";
import { labelWidth } from "./timeline/labels.js";
import { Lanes } from "./timeline/lanes.js";
import { Minimap } from "./timeline/minimap.js";
import { paintMoments } from "./timeline/moments.js";
import { paintBackdrop, paintPicture } from "./timeline/picture.js";
import { PointerInput } from "./timeline/pointer.js";
import { AXIS_HEIGHT, Scene } from "./timeline/scene.js";
import { along, spanOf } from "./timeline/span.js";
import { Tooltip } from "./timeline/tooltip.js";
import { Viewport } from "./timeline/viewport.js";

/**
 * @typedef {object} TimelineView
 * @property {TextTable} text
 * @property {Player} player
 * @property {Selection} selection
 * @property {Beside} [beside] the same for all that share it
 * @property {readonly number[]} [marks] moments that the reader marked, µs
 * @property {Period | null} [range] a part of the time that the reader selected
 * @property {boolean} [isRanging] whether dragging selects such a part
 */

/** @typedef {{ camera: Camera, timelines: readonly ProcessTimeline[] }} Beside timelines on one clock */

const ZOOM = 1.5;
const PAN = 0.2;
/** Room for the words at the right, in pixels. */
const ROOM = 76;
/** How near to a mark another one takes it away, in pixels. */
const SAME_MARK = 5;

export class ProcessTimeline extends HTMLElement {
  /** @type {TimelineView | null} */
  #view = null;
  /** @type {Scene | null} What is on the canvas. */
  #scene = null;
  /** Where the labels end, and where they would if this timeline stood alone. */
  #left = 0;
  #ownLeft = 0;
  #ownCamera = new Camera();
  #lanes = new Lanes();
  #backdrop = new Backdrop();
  #tooltip = new Tooltip();
  #port = new Viewport(() => this.#repaint(), () => this.#paintNow());
  #minimap = new Minimap((from) => this.#moved(() => this.#camera.slide(from, this.#known)), (command) => this.#command(command));
  /** @type {{ x: number, y: number } | null} */
  #pointer = null;
  /** What belongs to the thing that the reader points at, here or in another view. @type {Light} */
  #light = DARK;
  /** What the reader points at here. @type {Pointed | null} */
  #pointed = null;
  /** Whether the part of the time in view was asked for together with what is selected. */
  #isAsked = false;
  #frame = 0;
  #lastFrame = 0;
  #stillness = matchMedia("(prefers-reduced-motion: reduce)");

  connectedCallback() {
    if (this.childElementCount === 0) this.#furnish();
    this.#port.open();
    this.#repaint();
  }

  disconnectedCallback() {
    this.#port.close();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** @param {TimelineView} view */
  set view(view) {
    const former = this.#view;
    this.#view = view;
    if (view.player !== former?.player) this.#camera.fit();
    else if (!isSame(view.selection, former.selection)) this.#reveal(view);
    this.#isAsked = false;
    this.#paintNow();
  }

  /** @param {Light} light what belongs to the thing that the reader points at */
  set light(light) {
    if (light === this.#light) return;
    this.#light = light;
    this.#repaint();
  }

  /** Does what a button says. @param {Tool} tool */
  tool(tool) {
    this.#command(tool);
  }

  /** Shows a part of the time. @param {Period} period */
  show({ start, end }) {
    this.#isAsked = true;
    this.#camera.show({ from: start, span: end - start });
    this.#repaint();
  }

  #furnish() {
    const { scroller, canvas } = this.#port;
    this.append(scroller, h("div", { class: "ring" }), this.#minimap.node, this.#tooltip.node);
    scroller.addEventListener("keydown", (event) => this.#key(event));
    new PointerInput(canvas, {
      hover: (place) => {
        this.#pointer = place;
        this.#repaint();
      },
      click: (x, y) => this.#click(x, y),
      menu: (x, y) => this.#menu(x, y),
      drag: (dx, dy) => this.#drag(dx, dy),
      scrub: (x) => this.#scrub(x),
      zoom: (factor, x) => this.#zoom(factor, x, true),
      range: (from, to) => this.#range(from, to),
      isRanging: () => this.#view?.isRanging ?? false,
    });
  }

  get #camera() {
    return this.#view?.beside?.camera ?? this.#ownCamera;
  }

  /** All that share the clock, this one among them. @returns {readonly ProcessTimeline[]} */
  get #all() {
    return this.#view?.beside?.timelines ?? [this];
  }

  #repaint() {
    for (const timeline of this.#all) timeline.#schedule();
  }

  #schedule() {
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  /** Within the page's own frame. */
  #paintNow() {
    cancelAnimationFrame(this.#frame);
    if (this.isConnected) this.#paint(Number(document.timeline.currentTime));
  }

  /** @param {number} now */
  #paint(now) {
    this.#frame = 0;
    const elapsed = Math.min((now - this.#lastFrame) / 1000, 0.1);
    this.#lastFrame = now;
    const { surface } = this.#port;
    if (!this.#view || !surface) return;
    const { latest } = this.#view.player;
    const lanes = this.#lanes.of(latest, this.#port.room);
    this.#port.fit(lanes.height);
    this.#align(labelWidth(surface, latest, lanes, this.#port.width));
    const isFirst = this.#all[0] === this;
    const isGliding = this.#camera.advance(isFirst ? elapsed : 0, this.#known, this.#isStill);
    this.#scene = this.#sceneOf(this.#view, surface, lanes);
    this.#backdrop.paint(this.#scene, paintBackdrop);
    paintPicture(this.#scene, this.#cursorOf(this.#view.player), this.#hoveredTime(), this.#chosenEvent);
    paintMoments(this.#scene, this.#view.marks ?? [], this.#view.range ?? null);
    this.#showMinimap(this.#scene);
    this.#point();
    this.#port.describe(this.#view);
    if (isGliding) this.#repaint();
  }

  /**
   * @param {TimelineView} view
   * @param {Surface} surface
   * @param {import("./timeline/lanes.js").Layout} lanes
   */
  #sceneOf({ player, selection, text }, surface, lanes) {
    const { width, height, scroll } = this.#port;
    surface.begin(width, height);
    return new Scene({
      surface,
      run: player.latest,
      now: player.run,
      layout: lanes,
      range: this.#camera.range,
      left: this.#left,
      scroll,
      edge: player.end,
      selection,
      light: this.#light,
      text,
    });
  }

  /** Whether nothing glides: as the reader wishes, and as long as each frame would only be one more on the way to the present. */
  get #isStill() {
    return this.#stillness.matches || this.#view?.player.isCatchingUp === true;
  }

  /** A run of which one sees a part is seen as a whole below. @param {Scene} scene */
  #showMinimap(scene) {
    const isPart = !this.#view?.beside && (this.#camera.mode !== "fit" || this.#port.isTooSmall);
    this.#minimap.show(isPart && this.#view?.player.mode !== "empty" ? scene : null);
  }

  /** Labels end at the same place in all that stand beside each other. @param {number} own */
  #align(own) {
    const isNew = own !== this.#ownLeft;
    this.#ownLeft = own;
    this.#left = Math.max(...this.#all.map((timeline) => timeline.#ownLeft));
    if (isNew) this.#all.filter((timeline) => timeline !== this).forEach((timeline) => timeline.#schedule());
  }

  /** @returns {Known} */
  get #known() {
    const players = this.#all.flatMap((timeline) => timeline.#view?.player ?? []);
    const plot = this.#port.width - this.#left;
    const goesOn = players.some((player) => player.goesOn && (player.mode !== "empty" || players.length === 1));
    return { end: Math.max(0, ...players.map(({ end }) => end)), goesOn, room: ROOM / Math.max(plot, 2 * ROOM) };
  }

  /** @param {Player} player @returns {Cursor} */
  #cursorOf({ mode, time }) {
    return { t: time, kind: mode === "live" || mode === "replay" ? mode : null };
  }

  #hoveredTime() {
    const { x, y } = this.#pointer ?? { x: -1, y: 0 };
    return this.#scene && x > this.#scene.left && y < AXIS_HEIGHT ? this.#scene.time(x) : null;
  }

  get #chosenEvent() {
    const { player, selection } = this.#view ?? {};
    const [lit] = this.#light.events;
    const seq = lit ?? (selection?.kind === "event" ? selection.key : 0);
    return player?.events[seq - 1] ?? null;
  }

  /** Shows what is under the pointer, which may have come to rest where something was painted just now. */
  #point() {
    const hit = this.#pointer && this.#scene?.under(this.#pointer.x, this.#pointer.y);
    this.#port.canvas.style.cursor = hit?.select ? "pointer" : "";
    const pointed = hit?.select ?? null;
    if (!isSame(pointed, this.#pointed)) wish(this, "hover", pointed);
    this.#pointed = pointed;
    if (!hit || !this.#scene || !this.#pointer) return this.#tooltip.hide();
    const event = hit.seq === null ? undefined : this.#view?.player.events[hit.seq - 1];
    this.#tooltip.show(this.#scene, hit, event, this.#pointer);
  }

  /** @param {number} x @param {number} y */
  #click(x, y) {
    this.#port.scroller.focus({ preventScroll: true });
    const hit = this.#scene?.under(x, y);
    const chosen = hit?.select ?? null;
    wish(this, "select", isSame(chosen, this.#view?.selection ?? null) ? null : chosen);
  }

  /** Asks for the signals of the process on whose lane that is. @param {number} x @param {number} y */
  #menu(x, y) {
    const lane = this.#scene?.laneAt(y);
    const { left, top } = this.#port.canvas.getBoundingClientRect();
    if (lane !== undefined) wish(this, "menu", { key: lane, x: left + x, y: top + y });
  }

  /** @param {number} dx @param {number} dy */
  #drag(dx, dy) {
    if (!this.#scene) return;
    if (dy !== 0) this.#port.scrollTo(this.#port.scroll - dy);
    const part = -dx / (this.#scene.right - this.#scene.left);
    if (dx !== 0) this.#moved(() => this.#camera.pan(part, this.#known), true);
  }

  /**
   * Moves the camera as the reader wants, and says where to.
   * @param {() => void} move
   * @param {boolean} [isDirect] the hand expects no gliding
   */
  #moved(move, isDirect = false) {
    move();
    if (isDirect) this.#camera.settle();
    const { mode, wanted } = this.#camera;
    wish(this, "window", mode === "free" ? { start: wanted.from, end: wanted.from + wanted.span } : null);
    this.#repaint();
  }

  /** @param {number} from @param {number} to pixels */
  #range(from, to) {
    const scene = this.#scene;
    if (!scene) return;
    const [start = 0, end = 0] = [from, to].map((x) => Math.round(Math.min(Math.max(scene.time(x), 0), scene.edge))).sort((a, b) => a - b);
    wish(this, "range", { start, end });
  }

  /** @param {number} x */
  #scrub(x) {
    if (this.#scene) wish(this, "seek", Math.max(0, Math.round(this.#scene.time(Math.max(x, this.#scene.left)))));
  }

  /**
   * @param {number} factor
   * @param {number} x
   * @param {boolean} isDirect the hand expects no gliding
   */
  #zoom(factor, x, isDirect) {
    if (!this.#scene) return;
    const t = this.#scene.time(Math.max(x, this.#scene.left));
    this.#moved(() => this.#camera.zoom(factor, t, this.#known), isDirect);
  }

  /** Brings what was selected in another view into this one. @param {TimelineView} view */
  #reveal({ player, selection }) {
    const span = spanOf(selection, player);
    if (!span) return;
    if (!this.#isAsked) this.#camera.reveal(span.start, span.end);
    const lane = span.process === null ? undefined : this.#lanes.of(player.latest, this.#port.room).ofProcess.get(span.process);
    if (lane) this.#port.reveal(lane);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const command = commandOf(event);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#command(command);
  }

  /** @param {Command} command */
  #command(command) {
    const centre = this.#pointer?.x ?? ((this.#scene?.left ?? 0) + (this.#scene?.right ?? 0)) / 2;
    if (command === "zoom.in") this.#zoom(ZOOM, centre, false);
    else if (command === "zoom.out") this.#zoom(1 / ZOOM, centre, false);
    else if (command === "left") this.#moved(() => this.#camera.pan(-PAN, this.#known));
    else if (command === "right") this.#moved(() => this.#camera.pan(PAN, this.#known));
    else if (command === "up") this.#port.scroller.scrollBy({ top: -64 });
    else if (command === "down") this.#port.scroller.scrollBy({ top: 64 });
    else if (command === "fit") this.#moved(() => this.#camera.fit());
    else if (command === "focus") this.#moved(() => this.#focusSelection());
    else if (command === "next") wish(this, "step", 1);
    else if (command === "previous") wish(this, "step", -1);
    else if (command === "mark") this.#mark();
    else if (command === "clear") this.#view?.range ? wish(this, "range", null) : wish(this, "select", null);
    else if (command === "cause" || command === "effect") this.#follow(command);
    else wish(this, command);
  }

  /** Sets a mark at the moment one looks at, else under the pointer, else at the newest; or takes away the one there. */
  #mark() {
    const { player, marks } = this.#view ?? {};
    if (!player || player.mode === "empty" || !this.#scene) return;
    const x = this.#pointer?.x ?? -1;
    const pointed = x < this.#scene.left ? player.end : Math.min(Math.max(this.#scene.time(x), 0), player.end);
    const t = Math.round(player.mode === "replay" ? player.time : pointed);
    const near = SAME_MARK / this.#scene.scale;
    wish(this, "mark", marks?.find((mark) => Math.abs(mark - t) <= near) ?? t);
  }

  /** The selection in the middle; when it is there already, as large as fits; without one, the whole run. */
  #focusSelection() {
    const span = this.#view && spanOf(this.#view.selection, this.#view.player);
    if (span) this.#camera.focus(span);
    else this.#camera.fit();
  }

  /** Selects the cause or the effect of the selected event. @param {"cause" | "effect"} way */
  #follow(way) {
    const next = this.#view && along(way, this.#view.selection, this.#view.player);
    if (next) wish(this, "select", { kind: "event", key: next });
  }
}

customElements.define("process-timeline", ProcessTimeline);
