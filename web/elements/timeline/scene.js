/**
 * What painters need to know of one frame: the run, where its times and lanes lie on the canvas, what is selected; and
 * where they leave what the pointer can hit.
 */

/** @import { Process, Run } from "../../model/state.js" */
/** @import { Light } from "../../model/light.js" */
/** @import { TextTable } from "../../base/text.js" */
/** @import { Selected, Selection } from "../words.js" */
/** @import { Range } from "./camera.js" */
/** @import { Layout } from "./lanes.js" */
/** @import { Surface } from "./surface.js" */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box pixels */

/**
 * What a place on the canvas shows.
 * @typedef {object} Shown
 * @property {Selected | null} select what a click selects
 * @property {number | null} seq the event that tells of it
 * @property {number} start µs
 * @property {number | null} end µs, of what lasts
 */

/** @typedef {Box & Shown} Hit something under the pointer */

/** Where the lanes begin: below the axis. */
export const AXIS_HEIGHT = 26;
/** A mark is hit this far from where it is painted. */
const REACH = 5;

export class Scene {
  /** @type {Hit[]} */
  hits = [];

  /**
   * @param {object} facts
   * @param {Surface} facts.surface
   * @param {Run} facts.run the latest state
   * @param {Run} facts.now the state at the moment one looks at
   * @param {Layout} facts.layout
   * @param {Range} facts.range
   * @param {number} facts.left where the labels end
   * @param {number} facts.scroll pixels of lanes above the visible ones
   * @param {number} facts.edge the newest moment, µs
   * @param {Selection} facts.selection
   * @param {Light} facts.light
   * @param {TextTable} facts.text
   */
  constructor({ surface, run, now, layout, range, left, scroll, edge, selection, light, text }) {
    this.surface = surface;
    this.run = run;
    this.now = now;
    this.layout = layout;
    this.range = range;
    this.left = left;
    this.scroll = scroll;
    this.edge = edge;
    this.selection = selection;
    this.light = light;
    this.text = text;
    this.right = surface.width;
    this.scale = (this.right - left) / range.span;
  }

  get theme() {
    return this.surface.theme;
  }

  /** The first moment in view. */
  get from() {
    return this.range.from;
  }

  /** The last moment in view. */
  get to() {
    return this.range.from + this.range.span;
  }

  /** @param {number} t µs @returns {number} pixels */
  x(t) {
    return this.left + (t - this.range.from) * this.scale;
  }

  /** @param {number} x pixels @returns {number} µs */
  time(x) {
    return this.range.from + (x - this.left) / this.scale;
  }

  /**
   * The middle of a process's lane.
   * @param {number | null} key
   * @returns {number | null} null when it has none
   */
  middle(key) {
    const lane = key === null ? undefined : this.layout.ofProcess.get(key);
    return lane ? this.top(lane) + lane.height / 2 : null;
  }

  /** @param {{ top: number }} lane */
  top(lane) {
    return AXIS_HEIGHT + lane.top - this.scroll;
  }

  /**
   * The process whose lane is there.
   * @param {number} y pixels
   * @returns {number | undefined} its key
   */
  laneAt(y) {
    const isThere = (/** @type {{ top: number, height: number }} */ lane) => y >= Math.max(this.top(lane), AXIS_HEIGHT) && y < this.top(lane) + lane.height;
    return [...this.layout.ofProcess.values()].find(isThere)?.key;
  }

  /** @param {{ top: number, height: number }} lane */
  isVisible(lane) {
    const top = this.top(lane);
    return top + lane.height > AXIS_HEIGHT && top < this.surface.height;
  }

  /**
   * Whether what goes up or down between two heights can be seen.
   * @param {number} from pixels
   * @param {number} to pixels
   */
  isCrossed(from, to) {
    return Math.max(from, to) > AXIS_HEIGHT && Math.min(from, to) < this.surface.height;
  }

  /** @param {Process} process */
  colour(process) {
    return this.theme.processes[process.colour] ?? this.theme.dim;
  }

  /**
   * Whether it is selected, or a task or an item that belongs to what the reader points at.
   * @param {Selected["kind"]} kind
   * @param {number} key
   */
  isSelected(kind, key) {
    if (kind === "task" && this.light.tasks.has(key)) return true;
    if (kind === "item" && this.light.items.has(key)) return true;
    return this.selection?.kind === kind && this.selection.key === key;
  }

  /**
   * Leaves a place that can be hit.
   * @param {Box} box
   * @param {Shown} shown
   */
  leave(box, shown) {
    this.hits.push({ ...box, ...shown });
  }

  /**
   * What is under a place; what was painted last lies on top.
   * @param {number} x
   * @param {number} y
   * @returns {Hit | null}
   */
  under(x, y) {
    const near = (/** @type {number} */ reach) => this.hits.findLast((hit) => isOn(hit, x, y, reach));
    return near(0) ?? near(REACH) ?? null;
  }
}

/**
 * @param {Hit} hit
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function isOn(hit, x, y, reach) {
  const across = x >= hit.x - reach && x <= hit.x + hit.width + reach;
  return across && y >= hit.y && y <= hit.y + hit.height;
}
