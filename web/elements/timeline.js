/**
 * `<process-timeline>`: the run as lanes over time, painted on a canvas.
 *
 * How it works: all that is known is painted (`timeline/picture.js`), the past and, in a replay, the future faintly; a
 * camera says which part of the time is in view. A frame is painted when something changed, never otherwise. The
 * canvas is as large as what one sees of the lanes and stays in place while they scroll.
 *
 * Several timelines may stand `beside` each other on one clock: then they share the camera and the room for labels, so
 * that a moment has the same place in all of them, and what moves one moves all.
 *
 * Data down: `view`, `light`. Wishes up: `select`, `hover`, `menu`, `seek` (µs), `step` (±1). The event table is its twin without pictures.
 *
 * @import { TextTable } from "../base/text.js"
 * @import { Light, Pointed } from "../model/light.js"
 * @import { Player } from "../model/player.js"
 * @import { Known } from "./timeline/camera.js"
 * @import { Command } from "./timeline/keys.js"
 * @import { Cursor } from "./timeline/picture.js"
 * @import { Tool } from "./timeline-tools.js"
 * @import { Selection } from "./words.js"
 */

import { seconds } from "../base/duration.js";
import { say } from "../base/text.js";
import { causeOf, effectOf } from "../model/causes.js";
import { DARK, isSame } from "../model/light.js";
import { attribute, h, wish } from "./dom.js";
import { Camera } from "./timeline/camera.js";
import { commandOf } from "./timeline/keys.js";
import { labelWidth } from "./timeline/labels.js";
import { layout } from "./timeline/lanes.js";
import { paintPicture } from "./timeline/picture.js";
import { PointerInput } from "./timeline/pointer.js";
import { AXIS_HEIGHT, Scene } from "./timeline/scene.js";
import { spanOf } from "./timeline/span.js";
import { Surface } from "./timeline/surface.js";
import { Tooltip } from "./timeline/tooltip.js";

/**
 * @typedef {object} TimelineView
 * @property {TextTable} text
 * @property {Player} player
 * @property {Selection} selection
 * @property {Beside} [beside] the same for all that share it
 */

/** @typedef {{ camera: Camera, timelines: readonly ProcessTimeline[] }} Beside timelines on one clock */

const ZOOM = 1.5;
const PAN = 0.2;
/** Room at the right for the words at a process's end, in pixels. */
const ROOM = 76;
/** Room below the last lane, in pixels. */
const BELOW = 6;

export class ProcessTimeline extends HTMLElement {
  /** @type {TimelineView | null} */
  #view = null;
  /** @type {Surface | null} */
  #surface = null;
  /** @type {Scene | null} What is on the canvas. */
  #scene = null;
  /** Where the labels end. */
  #left = 0;
  /** Where they would end if this timeline stood alone. */
  #ownLeft = 0;
  #ownCamera = new Camera();
  #tooltip = new Tooltip();
  #canvas = h("canvas", { role: "img" });
  #sizer = h("div", { class: "lanes" });
  #scroller = h("div", { class: "scroller", role: "group", tabindex: 0 }, this.#canvas, this.#sizer);
  /** @type {{ x: number, y: number } | null} */
  #pointer = null;
  /** What belongs to the thing that the reader points at, here or in another view. @type {Light} */
  #light = DARK;
  /** What the reader points at here. @type {Pointed | null} */
  #pointed = null;
  #frame = 0;
  #lastFrame = 0;
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  /** The height that lanes have in any case. */
  #room = 0;
  #observer = new ResizeObserver(() => this.#resize());
  #onTheme = () => this.#retheme();

  connectedCallback() {
    if (this.childElementCount === 0) this.#furnish();
    this.#surface = new Surface(this.#canvas);
    this.#observer.observe(this.#scroller);
    document.addEventListener("themechange", this.#onTheme);
    this.#scheme.addEventListener("change", this.#onTheme);
    this.#repaint();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    document.removeEventListener("themechange", this.#onTheme);
    this.#scheme.removeEventListener("change", this.#onTheme);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** @param {TimelineView} view */
  set view(view) {
    const former = this.#view;
    this.#view = view;
    if (view.player !== former?.player) this.#camera.fit();
    else if (!isSame(view.selection, former.selection)) this.#reveal(view);
    this.#repaint();
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

  #furnish() {
    this.append(this.#scroller, h("div", { class: "ring" }), this.#tooltip.node);
    this.#scroller.addEventListener("scroll", () => this.#repaint());
    this.#scroller.addEventListener("keydown", (event) => this.#key(event));
    new PointerInput(this.#canvas, {
      hover: (x, y) => this.#hover({ x, y }),
      leave: () => this.#hover(null),
      click: (x, y) => this.#click(x, y),
      menu: (x, y) => this.#menu(x, y),
      drag: (dx, dy) => this.#drag(dx, dy),
      scrub: (x) => this.#scrub(x),
      zoom: (factor, x) => this.#zoom(factor, x, true),
    });
  }

  /** At once: what is about to be printed waits for no frame. */
  #retheme() {
    this.#surface?.retheme();
    cancelAnimationFrame(this.#frame);
    this.#paint(performance.now());
  }

  #resize() {
    this.#room = (Number.parseFloat(getComputedStyle(this.#scroller).minHeight) || 0) - AXIS_HEIGHT - BELOW;
    this.#repaint();
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

  /** @param {number} now */
  #paint(now) {
    this.#frame = 0;
    const elapsed = Math.min((now - this.#lastFrame) / 1000, 0.1);
    this.#lastFrame = now;
    if (!this.#view || !this.#surface) return;
    const { latest } = this.#view.player;
    const lanes = layout(latest, this.#room);
    this.#measure(lanes.height);
    this.#align(labelWidth(this.#surface, latest, lanes, this.#scroller.clientWidth));
    const isFirst = this.#all[0] === this;
    const isGliding = this.#camera.advance(isFirst ? elapsed : 0, this.#known, this.#stillness.matches);
    this.#scene = this.#sceneOf(this.#view, this.#surface, lanes);
    paintPicture(this.#scene, this.#cursorOf(this.#view.player), this.#hoveredTime(), this.#chosenEvent);
    this.#point();
    this.#describe();
    if (isGliding) this.#repaint();
  }

  /**
   * @param {TimelineView} view
   * @param {Surface} surface
   * @param {import("./timeline/lanes.js").Layout} lanes
   */
  #sceneOf({ player, selection, text }, surface, lanes) {
    const { clientWidth, clientHeight, scrollTop } = this.#scroller;
    surface.begin(clientWidth, clientHeight);
    return new Scene({
      surface,
      run: player.latest,
      now: player.run,
      layout: lanes,
      range: this.#camera.range,
      left: this.#left,
      scroll: scrollTop,
      edge: player.end,
      selection,
      light: this.#light,
      text,
    });
  }

  /** Makes room for the lanes; the style says how much of it is shown. @param {number} height */
  #measure(height) {
    const total = `${AXIS_HEIGHT + height + BELOW}px`;
    if (this.#sizer.style.height !== total) this.#sizer.style.height = total;
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
    const plot = this.#scroller.clientWidth - this.#left;
    const goesOn = players.some((player) => player.goesOn && (player.mode !== "empty" || players.length === 1));
    return { end: Math.max(0, ...players.map(({ end }) => end)), goesOn, room: ROOM / Math.max(plot, 2 * ROOM) };
  }

  /** @param {Player} player @returns {Cursor} */
  #cursorOf({ mode, time }) {
    return { t: time, kind: mode === "live" || mode === "replay" ? mode : null };
  }

  #describe() {
    if (!this.#view) return;
    const { player, text } = this.#view;
    const { processes, tasks, queues } = player.latest;
    const counts = { processes: processes.length, tasks: tasks.length, queues: queues.length };
    const summary = say(text, "timeline.summary", { ...counts, time: seconds(player.end, 1) });
    attribute(this.#canvas, "aria-label", summary);
    attribute(this.#scroller, "aria-label", say(text, "timeline.title"));
    attribute(this.#scroller, "aria-description", say(text, "timeline.keys"));
  }

  /** @param {{ x: number, y: number } | null} place */
  #hover(place) {
    this.#pointer = place;
    this.#repaint();
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
    this.#canvas.style.cursor = hit?.select ? "pointer" : "";
    const pointed = hit?.select ?? null;
    if (!isSame(pointed, this.#pointed)) wish(this, "hover", pointed);
    this.#pointed = pointed;
    if (!hit || !this.#scene || !this.#pointer) return this.#tooltip.hide();
    const event = hit.seq === null ? undefined : this.#view?.player.events[hit.seq - 1];
    this.#tooltip.show(this.#scene, hit, event, this.#pointer);
  }

  /** @param {number} x @param {number} y */
  #click(x, y) {
    this.#scroller.focus({ preventScroll: true });
    const hit = this.#scene?.under(x, y);
    const chosen = hit?.select ?? null;
    wish(this, "select", isSame(chosen, this.#view?.selection ?? null) ? null : chosen);
  }

  /** Asks for the signals of the process on whose lane that is. @param {number} x @param {number} y */
  #menu(x, y) {
    const lane = this.#scene?.laneAt(y);
    const { left, top } = this.#canvas.getBoundingClientRect();
    if (lane !== undefined) wish(this, "menu", { key: lane, x: left + x, y: top + y });
  }

  /** @param {number} dx @param {number} dy */
  #drag(dx, dy) {
    if (!this.#scene) return;
    this.#scroller.scrollTop -= dy;
    if (dx === 0) return;
    this.#camera.pan(-dx / (this.#scene.right - this.#scene.left), this.#known);
    this.#camera.settle();
    this.#repaint();
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
    this.#camera.zoom(factor, this.#scene.time(Math.max(x, this.#scene.left)), this.#known);
    if (isDirect) this.#camera.settle();
    this.#repaint();
  }

  /** Brings what was selected in another view into this one. @param {TimelineView} view */
  #reveal({ player, selection }) {
    const span = spanOf(selection, player);
    if (!span) return;
    this.#camera.reveal(span.start, span.end);
    const lane = span.process === null ? undefined : layout(player.latest, this.#room).ofProcess.get(span.process);
    if (!lane) return;
    const { scrollTop, clientHeight } = this.#scroller;
    const lowest = lane.top + lane.height + AXIS_HEIGHT - clientHeight;
    this.#scroller.scrollTop = Math.min(Math.max(scrollTop, lowest), lane.top);
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
    else if (command === "left") this.#camera.pan(-PAN, this.#known);
    else if (command === "right") this.#camera.pan(PAN, this.#known);
    else if (command === "up") this.#scroller.scrollBy({ top: -64 });
    else if (command === "down") this.#scroller.scrollBy({ top: 64 });
    else if (command === "fit") this.#camera.fit();
    else if (command === "focus") this.#focusSelection();
    else if (command === "next") wish(this, "step", 1);
    else if (command === "previous") wish(this, "step", -1);
    else if (command === "clear") wish(this, "select", null);
    else this.#follow(command);
    this.#repaint();
  }

  /** The selection in the middle; when it is there already, as large as fits; without one, the whole run. */
  #focusSelection() {
    const view = this.#view;
    const span = view && spanOf(view.selection, view.player);
    if (!view || !span) return this.#camera.fit();
    const { from, span: width } = this.#camera.range;
    const middle = (span.start + span.end) / 2;
    const isCentred = Math.abs(from + width / 2 - middle) < width / 100;
    const wanted = isCentred ? Math.max((span.end - span.start) * 1.3, 1000) : width;
    this.#camera.show({ from: middle - wanted / 2, span: wanted });
  }

  /** Selects the cause or the effect of the selected event. @param {"cause" | "effect"} way */
  #follow(way) {
    const { player, selection } = this.#view ?? {};
    if (!player) return;
    const seq = spanOf(selection ?? null, player)?.seq ?? player.run.seq;
    const event = player.events[seq - 1];
    const next = event && (way === "cause" ? causeOf(event, player.latest) : effectOf(event, player.latest));
    if (next) wish(this, "select", { kind: "event", key: next });
  }
}

customElements.define("process-timeline", ProcessTimeline);
