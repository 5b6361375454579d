/**
 * A canvas as sharp as the screen, with the few shapes that all painters share. Lengths are CSS pixels.
 */

import { hatching, readTheme } from "./theme.js";

/** @import { Theme } from "./theme.js" */

export class Surface {
  width = 0;
  height = 0;
  /** @type {Theme} */
  theme;
  /** @type {CanvasRenderingContext2D} */
  context;
  /** Pixels of the screen in one of CSS. */
  ratio = 0;
  /** @type {HTMLCanvasElement} */
  #canvas;
  /** @type {Map<string, CanvasPattern | string>} */
  #hatchings = new Map();
  /** @type {Map<string, Map<string, number>>} By font, then character. */
  #widths = new Map();

  /** @param {HTMLCanvasElement} canvas in the document */
  constructor(canvas) {
    this.#canvas = canvas;
    this.context = contextOf(canvas);
    this.theme = readTheme(canvas);
  }

  /** Reads colours and type anew. */
  retheme() {
    this.theme = readTheme(this.#canvas);
    this.#hatchings.clear();
    this.#widths.clear();
  }

  /**
   * Makes the canvas that large and empty. It is not transparent, which spares the page half of its work.
   * @param {number} width
   * @param {number} height
   */
  begin(width, height) {
    const ratio = globalThis.devicePixelRatio || 1;
    if (width !== this.width || height !== this.height || ratio !== this.ratio) this.#resize(width, height, ratio);
    this.#clear();
  }

  #clear() {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.fillStyle = this.theme.panel;
    this.context.fillRect(0, 0, this.width, this.height);
  }

  /**
   * Paints a picture of its own, as large as this one.
   * @param {() => void} paint
   * @returns {HTMLCanvasElement} to be shown any number of times
   */
  aside(paint) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: this.#canvas.width, height: this.#canvas.height });
    const former = this.context;
    this.context = contextOf(canvas);
    this.#clear();
    paint();
    this.context = former;
    return canvas;
  }

  /**
   * Shows a picture that was painted aside; where nothing has a size yet, as in a frame out of sight, there is none.
   * @param {HTMLCanvasElement} picture
   */
  show(picture) {
    if (picture.width * picture.height === 0) return;
    this.context.drawImage(picture, 0, 0, picture.width / this.ratio, picture.height / this.ratio);
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {number} ratio
   */
  #resize(width, height, ratio) {
    Object.assign(this, { width, height });
    if (ratio !== this.ratio) this.#hatchings.clear();
    this.ratio = ratio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#canvas.style.marginBottom = `-${height}px`;
  }

  /** The nearest place where a thin line is sharp. @param {number} place */
  sharp(place) {
    return (Math.round(place * this.ratio - 0.5) + 0.5) / this.ratio;
  }

  /** @param {string} colour of the strokes */
  hatching(colour) {
    const known = this.#hatchings.get(colour) ?? hatching(this.context, colour, this.ratio);
    this.#hatchings.set(colour, known);
    return known;
  }

  /**
   * How wide words are: the sum of their characters, each of which is measured once. Names of tasks and their times are
   * ever new, and to measure each would take longer than to paint it; kerning makes a difference of less than a pixel.
   * @param {string} words
   * @param {string} font
   */
  widthOf(words, font) {
    const widths = this.#widths.get(font) ?? new Map();
    if (widths.size === 0) this.#widths.set(font, widths);
    let width = 0;
    for (const character of words) width += widths.get(character) ?? this.#measure(character, font, widths);
    return width;
  }

  /**
   * @param {string} character
   * @param {string} font
   * @param {Map<string, number>} widths of this font so far
   */
  #measure(character, font, widths) {
    this.context.font = font;
    const { width } = this.context.measureText(character);
    widths.set(character, width);
    return width;
  }

  /**
   * The words, or as many of their characters as fit, with an ellipsis.
   * @param {string} words
   * @param {string} font
   * @param {number} room
   * @returns {string} nothing when not even one character fits
   */
  fitted(words, font, room) {
    const characters = [...words];
    const beginning = (/** @type {number} */ count) => `${characters.slice(0, count).join("").trimEnd()}…`;
    return this.#shortened(words, font, room, characters.length, beginning);
  }

  /**
   * The words, or their beginning and their end: names often differ in the last character only.
   * @param {string} words
   * @param {string} font
   * @param {number} room
   * @returns {string}
   */
  fittedMiddle(words, font, room) {
    const characters = [...words];
    return this.#shortened(words, font, room, characters.length, (count) => {
      const tail = Math.min(3, count - 1);
      return `${characters.slice(0, count - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
    });
  }

  /**
   * @param {string} words
   * @param {string} font
   * @param {number} room
   * @param {number} length in characters
   * @param {(count: number) => string} shorten to that many characters
   */
  #shortened(words, font, room, length, shorten) {
    if (this.widthOf(words, font) <= room) return words;
    let low = 0;
    let high = length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.widthOf(shorten(middle), font) <= room) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? "" : shorten(low);
  }

  /**
   * @param {string} words
   * @param {number} x
   * @param {number} y the middle of the line
   * @param {string} font
   * @param {string} colour
   * @param {CanvasTextAlign} [align]
   */
  write(words, x, y, font, colour, align = "left") {
    const { context } = this;
    context.font = font;
    context.fillStyle = colour;
    context.textAlign = align;
    context.textBaseline = "middle";
    context.fillText(words, x, y + 0.5);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {number} radius
   * @param {string | CanvasPattern} fill
   */
  box(x, y, width, height, radius, fill) {
    const { context } = this;
    context.fillStyle = fill;
    if (width < 6 || radius === 0) return context.fillRect(x, y, width, height);
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(radius, width / 2));
    context.fill();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   * @param {string} colour
   * @param {string} fill
   */
  ring(x, y, radius, colour, fill) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.stroke();
  }

  /**
   * @param {string} colour
   * @param {number} width
   * @param {readonly number[]} dash
   * @param {(context: CanvasRenderingContext2D) => void} path
   */
  stroke(colour, width, dash, path) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width;
    if (dash.length > 0) context.setLineDash([...dash]);
    context.beginPath();
    path(context);
    context.stroke();
    if (dash.length > 0) context.setLineDash([]);
  }

  /**
   * Paints weaker.
   * @param {number} strength 0 to 1
   * @param {() => void} paint
   */
  faintly(strength, paint) {
    const { context } = this;
    const before = context.globalAlpha;
    context.globalAlpha = before * strength;
    paint();
    context.globalAlpha = before;
  }
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
}
