/**
 * The page's colours and type for the canvas, read from its custom properties, so that the timeline follows the page's
 * theme without naming a colour of its own.
 */

import { COLOURS } from "../../model/state.js";

/**
 * @typedef {object} Theme
 * @property {string} panel
 * @property {string} ink
 * @property {string} dim
 * @property {string} faint
 * @property {string} line
 * @property {string} accent
 * @property {string} wash behind what is selected
 * @property {string} raised behind what the pointer is on
 * @property {string} live
 * @property {string} bad
 * @property {string} stop
 * @property {string} hatch
 * @property {string} onProcess
 * @property {readonly string[]} processes
 * @property {string} sans a font family
 * @property {string} mono a font family
 */

/**
 * @param {Element} element anywhere in the page
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    panel: read("panel"),
    ink: read("ink"),
    dim: read("dim"),
    faint: read("faint"),
    line: read("line"),
    accent: read("accent"),
    wash: read("accent-wash"),
    raised: read("raised"),
    live: read("live"),
    bad: read("bad"),
    stop: read("stop"),
    hatch: read("hatch"),
    onProcess: read("on-process"),
    processes: Array.from({ length: COLOURS }, (_, place) => read(`process-${place}`)),
    sans: read("sans") || "sans-serif",
    mono: read("mono") || "monospace",
  };
}

/**
 * Diagonal strokes that do not move when the picture does not.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour of the strokes
 * @param {number} ratio device pixels a pixel
 * @returns {CanvasPattern | string} the colour itself where patterns are not to be had
 */
export function hatching(context, colour, ratio) {
  const size = Math.round(6 * ratio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const brush = tile.getContext("2d");
  if (!brush) return colour;
  brush.strokeStyle = colour;
  brush.lineWidth = 1.6 * ratio;
  brush.beginPath();
  for (const shift of [-size, 0, size]) {
    brush.moveTo(shift - ratio, size + ratio);
    brush.lineTo(shift + size + ratio, -ratio);
  }
  brush.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern ?? colour;
}
