/** Where a lane is not what it was before: an orphan gets another parent; something was too much and is left out. */

import { say } from "../../base/text.js";
import { AXIS_HEIGHT } from "./scene.js";

/** @import { Adoption, Process, Truncation } from "../../model/state.js" */
/** @import { Scene } from "./scene.js" */

/** Nobody's lane is above: so far above its own the line to an adopting supervisor begins. */
const STUB = 13;
const RADIUS = 4;

/**
 * The line from the new parent's lane to the orphan's, at the moment of the adoption.
 * @param {Scene} scene
 */
export function paintAdoptions(scene) {
  for (const process of scene.run.processes) {
    for (const adoption of process.adoptions) paintAdoption(scene, process, adoption);
  }
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Adoption} adoption
 */
function paintAdoption(scene, process, { t, seq, parent }) {
  const { surface, theme, run, left, right } = scene;
  const x = scene.x(t);
  const y = scene.middle(process.key);
  if (y === null || x < left || x > right) return;
  const from = scene.middle(parent) ?? y - STUB;
  if (Math.max(y, from) < AXIS_HEIGHT || Math.min(y, from) > surface.height) return;
  const colour = parent === null ? theme.dim : scene.colour(run.processes.at(parent));
  const way = Math.sign(y - from);
  surface.stroke(colour, 1.5, [], (context) => {
    context.moveTo(x, from);
    context.lineTo(x, y - way * (RADIUS + 1));
    for (const side of [-3, 3]) {
      context.moveTo(x, y - way * (RADIUS + 1));
      context.lineTo(x + side, y - way * (RADIUS + 5));
    }
  });
  if (parent === null) surface.box(x - 3, from - 3, 6, 6, 1, theme.dim);
  surface.ring(x, y, RADIUS, colour, theme.panel);
  scene.leave({ x: x - 6, y: y - 8, width: 12, height: 16 }, { select: { kind: "event", key: seq }, seq, start: t, end: null });
}

/**
 * From where on something is left out: of one process on its lane, of the whole run over all lanes.
 * @param {Scene} scene
 */
export function paintCuts(scene) {
  for (const cut of scene.run.truncations) paintCut(scene, cut);
}

/**
 * @param {Scene} scene
 * @param {Truncation} cut
 */
function paintCut(scene, { since, seq, process }) {
  const { surface, theme, left, right } = scene;
  const x = scene.x(since);
  const y = scene.middle(process);
  if (x < left || x > right || (process !== null && y === null)) return;
  const [top, bottom] = y === null ? [AXIS_HEIGHT, surface.height] : [y - 10, y + 10];
  surface.stroke(theme.bad, 1.5, y === null ? [5, 3] : [], (context) => {
    for (const shift of y === null ? [0] : [-2, 2]) {
      context.moveTo(x + shift + (y === null ? 0 : 3), top);
      context.lineTo(x + shift - (y === null ? 0 : 3), bottom);
    }
  });
  const font = `600 10.5px ${theme.sans}`;
  const words = say(scene.text, "timeline.cut");
  const width = surface.widthOf(words, font) + 10;
  const start = Math.min(x + 7, right - width);
  const middle = y ?? AXIS_HEIGHT + 10;
  surface.box(start, middle - 8, width, 16, 4, theme.panel);
  surface.write(words, start + 5, middle, font, theme.bad);
  scene.leave({ x: x - 5, y: middle - 10, width: width + 10, height: 20 }, { select: { kind: "event", key: seq }, seq, start: since, end: null });
}
