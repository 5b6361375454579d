/** What the reader put on the time: numbered marks, and a selected part of it. */

import { duration } from "../../base/duration.js";
import { AXIS_HEIGHT } from "./scene.js";

/** @import { Scene } from "./scene.js" */

/** @typedef {{ start: number, end: number }} Period a part of the time, µs */

/**
 * @param {Scene} scene
 * @param {readonly number[]} marks µs, in order
 * @param {Period | null} range
 */
export function paintMoments(scene, marks, range) {
  if (range) paintRange(scene, range);
  marks.forEach((t, place) => paintMark(scene, t, place + 1));
}

/**
 * A wash over the lanes between two edges, with how long that is.
 * @param {Scene} scene
 * @param {Period} range
 */
function paintRange(scene, { start, end }) {
  const { surface, theme, left, right } = scene;
  const from = Math.max(scene.x(start), left);
  const to = Math.min(scene.x(end), right);
  if (to < left || from > right) return;
  const font = `600 10.5px ${theme.sans}`;
  const words = duration(end - start);
  const width = surface.widthOf(words, font) + 12;
  surface.faintly(0.1, () => surface.box(from, AXIS_HEIGHT, to - from, surface.height, 0, theme.accent));
  surface.box(from, AXIS_HEIGHT - 3, Math.max(to - from, 1), 3, 0, theme.accent);
  surface.stroke(theme.accent, 1, [], (context) => {
    for (const x of [scene.x(start), scene.x(end)].filter((x) => x >= left && x <= right)) {
      context.moveTo(surface.sharp(x), AXIS_HEIGHT);
      context.lineTo(surface.sharp(x), surface.height);
    }
  });
  const middle = Math.min(Math.max((from + to) / 2, left + width / 2), right - width / 2);
  surface.box(middle - width / 2, 4, width, 17, 5, theme.panel);
  surface.write(words, middle, 12.5, font, theme.accent, "center");
}

/**
 * A flag on the axis with its number, and its moment over all lanes.
 * @param {Scene} scene
 * @param {number} t
 * @param {number} number
 */
function paintMark(scene, t, number) {
  const { surface, theme, left, right } = scene;
  const x = surface.sharp(scene.x(t));
  if (x < left || x > right) return;
  surface.stroke(theme.ink, 1, [4, 3], (context) => {
    context.moveTo(x, AXIS_HEIGHT);
    context.lineTo(x, surface.height);
  });
  const words = String(number);
  const font = `700 10.5px ${theme.sans}`;
  const width = Math.max(surface.widthOf(words, font) + 9, 15);
  surface.box(x - 0.5, 5, 1, AXIS_HEIGHT - 5, 0, theme.ink);
  surface.box(x - 0.5, 5, width, 15, 3, theme.ink);
  surface.write(words, x + width / 2, 12.5, font, theme.panel, "center");
}
