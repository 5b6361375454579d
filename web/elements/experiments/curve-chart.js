/**
 * `<curve-chart>`: a few measured curves over one axis, with the ideal one beside them where there is one.
 *
 * How it works: it draws what it is given and knows neither scenario nor quantity; each point brings its own sentence.
 * The picture is made anew when the view or the width changes. One point at a time is pointed at, by pointer, touch or
 * arrow keys, and its sentence stands below the picture. The table beside it says the same without a picture.
 *
 * Data down: `view`. Wish up: `open` with the run of the point that was pressed.
 */

import { ticksTo } from "../../base/ticks.js";
import { h, wish, write } from "../dom.js";
import { pathOf, round, shape } from "./svg.js";

/**
 * @typedef {object} ChartPoint
 * @property {number} x on the axis; of values that are no numbers their place
 * @property {number} median
 * @property {number} least
 * @property {number} most
 * @property {string} words the sentence
 * @property {string} run
 */

/** @typedef {{ name: string, points: readonly ChartPoint[] }} Line */

/**
 * @typedef {object} ChartView
 * @property {string} label what the picture shows, in a sentence
 * @property {string} hint what stands below while nothing is pointed at
 * @property {{ title: string, ticks: readonly { x: number, label: string }[], isJoined: boolean }} across
 * @property {{ title: string, divide: number }} up numbers are divided to be in the title's unit
 * @property {readonly Line[]} lines one or two
 * @property {{ name: string, at: (x: number) => number } | null} ideal
 * @property {{ x: number, label: string } | null} mark a line across the picture
 */

/** @typedef {{ width: number, height: number, x: (x: number) => number, y: (y: number) => number, top: number }} Scale */

const MARGIN = { left: 46, right: 18, top: 32, bottom: 42 };
const HEIGHT = 300;
const KEYS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 });

export class CurveChart extends HTMLElement {
  /** @type {ChartView | null} */
  #view = null;
  #stage = h("div", { class: "stage" });
  #readout = h("p", { class: "readout", "aria-live": "off" });
  /** Which point is pointed at, in the order of the lines. @type {number | null} */
  #pointed = null;
  #width = 0;
  #observer = new ResizeObserver(() => this.#measure());

  connectedCallback() {
    if (!this.#stage.isConnected) this.append(this.#stage, this.#readout);
    this.#observer.observe(this.#stage);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  /** @param {ChartView} view */
  set view(view) {
    this.#view = view;
    this.#draw();
  }

  #measure() {
    if (this.#stage.clientWidth === this.#width) return;
    this.#width = this.#stage.clientWidth;
    this.#draw();
  }

  #draw() {
    const view = this.#view;
    if (view === null || this.#width === 0) return;
    const focused = this.#buttons.indexOf(/** @type {any} */ (document.activeElement));
    const scale = scaleOf(view, this.#width);
    const picture = shape("svg", { width: this.#width, height: HEIGHT, role: "group", "aria-label": view.label });
    picture.append(...axes(view, scale), ...ideal(view, scale), ...mark(view, scale));
    for (const [at, line] of view.lines.entries()) picture.append(this.#lineOf(line, at, view, scale));
    this.#stage.replaceChildren(picture);
    if (focused >= 0) this.#buttons[focused]?.focus();
    this.#point(this.#pointed);
  }

  /** @returns {SVGElement[]} */
  get #buttons() {
    return [...this.#stage.querySelectorAll("[role=button]")].filter((node) => node instanceof SVGElement);
  }

  /**
   * @param {Line} line
   * @param {number} place
   * @param {ChartView} view
   * @param {Scale} scale
   */
  #lineOf({ points }, place, view, scale) {
    const places = points.map((point) => /** @type {const} */ ([scale.x(point.x), scale.y(point.median)]));
    const path = view.across.isJoined && points.length > 1 ? [shape("path", { class: "line", d: pathOf(places) })] : [];
    return shape("g", { class: `curve curve-${place}` }, ...path, ...points.map((point) => this.#dot(point, place, scale)));
  }

  /**
   * @param {ChartPoint} point
   * @param {number} line
   * @param {Scale} scale
   */
  #dot(point, line, scale) {
    const [x, y] = [round(scale.x(point.x)), round(scale.y(point.median))];
    const [least, most] = [round(scale.y(point.least)), round(scale.y(point.most))];
    const range = Math.abs(least - most) > 3 ? [shape("path", { class: "range", d: `M${x} ${most}V${least}M${x - 4} ${most}h8M${x - 4} ${least}h8` })] : [];
    const form = line === 0 ? shape("circle", { class: "form", cx: x, cy: y, r: 4.5 }) : shape("rect", { class: "form", x: x - 4, y: y - 4, width: 8, height: 8 });
    const dot = shape("g", { class: "dot", role: "button", tabindex: -1, "aria-label": point.words }, shape("circle", { class: "room", cx: x, cy: y, r: 14 }), ...range, form);
    dot.addEventListener("pointerenter", () => this.#point(this.#buttons.indexOf(dot)));
    dot.addEventListener("focus", () => this.#point(this.#buttons.indexOf(dot)));
    dot.addEventListener("click", () => wish(this, "open", point.run));
    dot.addEventListener("keydown", (event) => this.#key(event, point));
    return dot;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {ChartPoint} point
   */
  #key(event, point) {
    const step = KEYS[event.key];
    if (event.key === "Enter" || event.key === " ") wish(this, "open", point.run);
    else if (step === undefined) return;
    else this.#buttons[(this.#pointed ?? 0) + step]?.focus();
    event.preventDefault();
  }

  /** @param {number | null} place */
  #point(place) {
    const points = this.#view?.lines.flatMap(({ points }) => points) ?? [];
    this.#pointed = place !== null && place < points.length ? place : null;
    for (const [at, dot] of this.#buttons.entries()) {
      dot.setAttribute("tabindex", at === (this.#pointed ?? 0) ? "0" : "-1");
      dot.toggleAttribute("data-pointed", at === this.#pointed);
    }
    write(this.#readout, this.#pointed === null ? (this.#view?.hint ?? "") : (points[this.#pointed]?.words ?? ""));
  }
}

/**
 * @param {ChartView} view
 * @param {number} width
 * @returns {Scale}
 */
function scaleOf({ across, up, lines, ideal: best }, width) {
  const xs = across.ticks.map(({ x }) => x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const pad = last > first ? ((last - first) / Math.max(1, xs.length - 1)) * 0.4 : 0.5;
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(({ most }) => most)), best && xs.length > 0 ? best.at(first) : 0, 0);
  const top = (ticksTo(highest / up.divide).at(-1) ?? 1) * up.divide;
  const plot = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  return {
    ...{ width, height: HEIGHT, top },
    x: (x) => MARGIN.left + ((x - first + pad) / (last - first + 2 * pad)) * plot.width,
    y: (y) => MARGIN.top + (1 - y / top) * plot.height,
  };
}

/**
 * @param {ChartView} view
 * @param {Scale} scale
 */
function axes({ across, up }, { width, height, x, y, top }) {
  const floor = height - MARGIN.bottom;
  const ups = ticksTo(top / up.divide).map((number) => {
    const at = round(y(number * up.divide));
    return shape("g", { class: "tick" }, shape("path", { d: `M${MARGIN.left} ${at}H${width - MARGIN.right}` }), shape("text", { x: MARGIN.left - 8, y: at + 4, "text-anchor": "end" }, String(number)));
  });
  const acrosses = across.ticks.map(({ x: at, label }) => shape("text", { class: "tick", x: round(x(at)), y: floor + 17, "text-anchor": "middle" }, label));
  const titles = [
    shape("text", { class: "title", x: 6, y: 14, "text-anchor": "start" }, up.title),
    shape("text", { class: "title", x: width - MARGIN.right, y: floor + 35, "text-anchor": "end" }, across.title),
  ];
  return [shape("g", { "aria-hidden": "true" }, ...ups, ...acrosses, ...titles)];
}

/**
 * @param {ChartView} view
 * @param {Scale} scale
 */
function ideal({ ideal: best, across }, scale) {
  if (best === null) return [];
  const xs = across.ticks.map(({ x }) => x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const places = Array.from({ length: 49 }, (_, at) => first + ((last - first) * at) / 48).map((x) => /** @type {const} */ ([scale.x(x), scale.y(best.at(x))]));
  return [shape("path", { class: "ideal", d: pathOf(places), "aria-hidden": "true" })];
}

/**
 * @param {ChartView} view
 * @param {Scale} scale
 */
function mark({ mark: line, across }, { x, width, height }) {
  if (line === null) return [];
  const at = round(x(line.x));
  const isRight = at > width / 2 && across.ticks.length > 1;
  const words = shape("text", { x: at + (isRight ? -6 : 6), y: height - MARGIN.bottom - 8, "text-anchor": isRight ? "end" : "start" }, line.label);
  return [shape("g", { class: "mark", "aria-hidden": "true" }, shape("path", { d: `M${at} ${MARGIN.top}V${height - MARGIN.bottom}` }), words)];
}

customElements.define("curve-chart", CurveChart);
