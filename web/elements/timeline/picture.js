/**
 * One frame of the timeline: from the grid at the bottom to the cursor on top. Each kind of thing has a painter of its
 * own; here is only the order in which they lie on each other.
 */

import { say } from "../../base/text.js";
import { processAt } from "../../model/lookup.js";
import { paintFlags, paintItems, paintRiver } from "../queue-river.js";
import { paintPool, paintWays } from "../sync-river.js";
import { paintAdoptions, paintCuts } from "./breaks.js";
import { ticks } from "./camera.js";
import { paintLabels } from "./labels.js";
import { paintBurial, paintExit, paintForks, paintHoldUps, paintLife } from "./life.js";
import { paintMarks } from "./marks.js";
import { paintMessages } from "./messages.js";
import { AXIS_HEIGHT } from "./scene.js";
import { paintAnswers, paintCallbacks, paintTasks } from "./tasks.js";

/** @import { Event } from "../../protocol.js" */
/** @import { ProcessLane } from "./lanes.js" */
/** @import { Scene } from "./scene.js" */

/**
 * @typedef {object} Cursor
 * @property {"live" | "replay" | null} kind null: none
 * @property {number} t µs
 */

/**
 * What is the same whatever moment one looks at.
 * @param {Scene} scene
 */
export function paintBackdrop(scene) {
  inside(scene, 0, scene.surface.width, () => paintBands(scene));
  inside(scene, scene.left, scene.right - scene.left, () => {
    paintGrid(scene);
    paintLanes(scene);
  });
}

/**
 * What moves over it.
 * @param {Scene} scene
 * @param {Cursor} cursor
 * @param {number | null} hovered moment under the pointer
 * @param {Event | null} chosen the selected event
 */
export function paintPicture(scene, cursor, hovered, chosen) {
  if (cursor.kind === "replay" && cursor.t < scene.edge) inside(scene, scene.left, scene.right - scene.left, () => paintFuture(scene, cursor.t));
  inside(scene, 0, scene.surface.width, () => paintLabels(scene));
  if (chosen) paintChosen(scene, chosen);
  const pill = cursor.kind === null ? null : pillOf(scene, cursor.t, cursor.kind);
  paintAxis(scene, pill);
  if (hovered !== null) paintHovered(scene, hovered);
  if (pill) paintCursor(scene, pill);
}

/**
 * Paints nothing outside the lanes.
 * @param {Scene} scene
 * @param {number} x
 * @param {number} width
 * @param {() => void} paint
 */
function inside({ surface: { context, height } }, x, width, paint) {
  context.save();
  context.beginPath();
  context.rect(x, AXIS_HEIGHT, width, height - AXIS_HEIGHT);
  context.clip();
  paint();
  context.restore();
}

/** The bands of the selected process, and of those that belong to what the reader points at. @param {Scene} scene */
function paintBands(scene) {
  const { surface, theme, selection, layout, light } = scene;
  for (const key of light.processes) {
    const lane = layout.ofProcess.get(key);
    if (lane) surface.faintly(0.09, () => surface.box(0, scene.top(lane), surface.width, lane.height, 0, scene.colour(scene.run.processes.at(key))));
  }
  const lane = selection?.kind === "process" ? layout.ofProcess.get(selection.key) : undefined;
  if (lane) surface.box(0, scene.top(lane), surface.width, lane.height, 0, theme.wash);
}

/** @param {Scene} scene */
function paintGrid(scene) {
  const { surface, theme } = scene;
  const { step, first } = ticks(scene.range, scene.right - scene.left);
  surface.stroke(theme.line, 1, [], (context) => {
    for (let t = first; t <= scene.to; t += step) {
      const x = surface.sharp(scene.x(t));
      context.moveTo(x, AXIS_HEIGHT);
      context.lineTo(x, surface.height);
    }
  });
}

/** @param {Scene} scene */
function paintLanes(scene) {
  const { layout, run } = scene;
  const visible = layout.lanes.filter((lane) => scene.isVisible(lane));
  const lanes = /** @type {ProcessLane[]} */ (visible.filter(({ kind }) => kind === "process"));
  paintForks(scene);
  paintAnswers(scene);
  for (const lane of visible) if (lane.kind === "queue") paintRiver(scene, lane, run.queues.at(lane.key));
  for (const lane of visible) paintPool(scene, lane);
  for (const lane of lanes) paintLife(scene, lane, run.processes.at(lane.key));
  for (const lane of layout.lanes) if (lane.kind === "queue") paintItems(scene, lane, run.queues.at(lane.key));
  for (const lane of layout.lanes) paintWays(scene, lane);
  for (const lane of lanes) {
    const process = run.processes.at(lane.key);
    paintTasks(scene, lane, process);
    paintHoldUps(scene, lane, process);
    paintFlags(scene, lane, process);
    paintMarks(scene, lane, process);
    paintExit(scene, lane, process);
  }
  paintMessages(scene);
  paintCallbacks(scene);
  paintAdoptions(scene);
  paintBurial(scene);
  paintCuts(scene);
}

/**
 * The selected event: a ring on its lane, and its moment over all lanes.
 * @param {Scene} scene
 * @param {Event} event
 */
function paintChosen(scene, event) {
  const { surface, theme } = scene;
  const x = scene.x(event.t);
  const y = scene.middle(processAt(scene.run, event.pid, event.seq)?.key ?? null);
  if (x < scene.left || x > scene.right) return;
  paintHovered(scene, event.t);
  if (y === null || y < AXIS_HEIGHT) return;
  surface.stroke(theme.panel, 5, [], (context) => context.arc(x, y, 7, 0, 2 * Math.PI));
  surface.stroke(theme.ink, 2, [], (context) => context.arc(x, y, 7, 0, 2 * Math.PI));
}

/** What has not happened yet at the moment one looks at. @param {Scene} scene @param {number} t */
function paintFuture(scene, t) {
  const { surface, theme } = scene;
  const x = Math.max(scene.x(t), scene.left);
  const width = Math.max(0, scene.right - x);
  surface.faintly(0.62, () => surface.box(x, AXIS_HEIGHT, width, surface.height, 0, theme.panel));
}

/**
 * @param {Scene} scene
 * @param {Pill | null} pill whose words are not written over
 */
function paintAxis(scene, pill) {
  const { surface, theme, left, right } = scene;
  const { step, first } = ticks(scene.range, right - left);
  const font = `11px ${theme.sans}`;
  for (let t = first; t <= scene.to; t += step) {
    const words = tickLabel(t, step);
    const half = surface.widthOf(words, font) / 2;
    const x = scene.x(t);
    const isFree = pill === null || x + half < pill.start - 4 || x - half > pill.start + pill.width + 4;
    if (x >= left && x + half <= right && isFree) {
      surface.write(words, Math.max(x, left + half + 3), AXIS_HEIGHT / 2, font, theme.dim, "center");
    }
  }
}

/**
 * @param {number} t µs
 * @param {number} step µs
 */
function tickLabel(t, step) {
  if (step >= 1e6) return `${Math.round(t / 1e6)} s`;
  if (step >= 1e3 && t >= 1e6) return `${(t / 1e6).toFixed(Math.ceil(6 - Math.log10(step)))} s`;
  if (step >= 1e5) return `${(t / 1e6).toFixed(1)} s`;
  if (step >= 1e3) return `${Math.round(t / 1e3)} ms`;
  return `${(t / 1e3).toFixed(Math.ceil(3 - Math.log10(step)))} ms`;
}

/** @param {Scene} scene @param {number} t */
function paintHovered(scene, t) {
  const { surface, theme } = scene;
  const x = surface.sharp(scene.x(t));
  if (x < scene.left || x > scene.right) return;
  surface.stroke(theme.faint, 1, [2, 3], (context) => {
    context.moveTo(x, AXIS_HEIGHT);
    context.lineTo(x, surface.height);
  });
}

/** @typedef {{ x: number, start: number, width: number, words: string, colour: string }} Pill the cursor's head */

/**
 * The newest moment of a live run, or the moment one looks at in a replay: told apart by colour and word.
 * @param {Scene} scene
 * @param {number} t
 * @param {"live" | "replay"} kind
 * @returns {Pill | null} null outside the view
 */
function pillOf(scene, t, kind) {
  const { surface, theme, left, right, text } = scene;
  const x = scene.x(t);
  if (x < left - 1 || x > right + 1) return null;
  const words = kind === "live" ? say(text, "scrub.mode.live") : `${(t / 1e6).toFixed(2)} s`;
  const width = surface.widthOf(words, pillFont(theme)) + 16;
  const start = Math.min(Math.max(x - width / 2, left + 2), right - width - 2);
  return { x, start, width, words, colour: kind === "live" ? theme.live : theme.accent };
}

/** @param {Scene} scene @param {Pill} pill */
function paintCursor({ surface, theme }, { x, start, width, words, colour }) {
  surface.stroke(colour, 1.5, [], (context) => {
    context.moveTo(x, AXIS_HEIGHT - 5);
    context.lineTo(x, surface.height);
  });
  surface.box(start, 4, width, 17, 8.5, colour);
  surface.write(words, start + width / 2, 12.5, pillFont(theme), theme.panel, "center");
}

/** @param {import("./theme.js").Theme} theme */
function pillFont({ sans }) {
  return `700 10.5px ${sans}`;
}
