/**
 * The life of each process: birth, the thin line (stronger where it used the processor), what held it up (hatched),
 * its end, and the time as a zombie.
 */

import { duration } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { objectName } from "../../model/lookup.js";
import { AXIS_HEIGHT } from "./scene.js";

/** @import { Process, Stop, Wait } from "../../model/state.js" */
/** @import { ProcessLane } from "./lanes.js" */
/** @import { Scene, Shown } from "./scene.js" */

/** Height of what fills a lane: tasks, waits. */
export const BAR = 20;
const LINE = 4;
/** A zombie so long is told by its word, and by who reaped it; in pixels. */
const LONG_ZOMBIE = 40;
/** The time between two looks of the sampler, µs. */
const SAMPLING = 100_000;
/** Less use of the processor is not shown. */
const LEAST_SHARE = 0.05;

/** Births of one parent that are nearer than this, in pixels, share a line. */
const SAME_LINE = 3;

/**
 * The line from a parent to each child at the moment of birth; of children born together the longest stands for all.
 * @param {Scene} scene
 */
export function paintForks(scene) {
  const { surface, theme, run } = scene;
  /** @type {Map<string, { x: number, parent: number, child: number }>} */
  const lines = new Map();
  for (const process of run.processes) {
    const x = scene.x(process.started.t);
    if (x < scene.left - 1 || x > scene.right) continue;
    const child = scene.middle(process.key);
    const parent = scene.middle(process.birthParent);
    if (child === null || parent === null || parent > surface.height || child < AXIS_HEIGHT) continue;
    if (scene.isSelected("process", process.key)) lines.set("chosen", { x, parent, child });
    const place = `${process.birthParent} ${Math.floor(x / SAME_LINE)}`;
    if ((lines.get(place)?.child ?? -Infinity) < child) lines.set(place, { x, parent, child });
  }
  const chosen = lines.get("chosen");
  lines.delete("chosen");
  surface.stroke(theme.hatch, 1, [2, 3], (context) => lines.forEach((line) => traceFork(scene, context, line)));
  if (chosen && scene.selection) {
    surface.stroke(scene.colour(run.processes.at(scene.selection.key)), 1.6, [2, 3], (context) => traceFork(scene, context, chosen));
  }
}

/**
 * @param {Scene} scene
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, parent: number, child: number }} line
 */
function traceFork({ surface }, context, { x, parent, child }) {
  context.moveTo(x - 7, parent);
  context.quadraticCurveTo(x, parent, x, parent + 9);
  if (parent < 0) context.moveTo(x, 0);
  context.lineTo(x, Math.min(child - 6, surface.height));
}

/**
 * Who read the status of the selected process, and of each that had to wait long for it, and when.
 * @param {Scene} scene
 */
export function paintBurial(scene) {
  for (const process of scene.run.processes) {
    const { exited, reaped, key } = process;
    const isLong = exited !== null && reaped !== null && (reaped.t - exited.t) * scene.scale > LONG_ZOMBIE;
    if (isLong || scene.isSelected("process", key)) paintReaping(scene, process);
  }
}

/**
 * @param {Scene} scene
 * @param {Process} process
 */
function paintReaping(scene, process) {
  const { surface, theme } = scene;
  const from = scene.middle(process.key);
  const to = scene.middle(process.reaped?.process ?? null);
  if (process.reaped === null || from === null || to === null) return;
  const x = scene.x(process.reaped.t);
  surface.stroke(scene.colour(process), 1.6, [2, 3], (context) => {
    context.moveTo(x, from);
    context.lineTo(x, to);
  });
  surface.ring(x, to, 3, scene.colour(process), theme.panel);
}

/**
 * @param {Scene} scene
 * @param {ProcessLane} lane
 * @param {Process} process
 */
export function paintLife(scene, lane, process) {
  const { surface } = scene;
  const y = scene.top(lane) + lane.height / 2;
  const colour = scene.colour(process);
  const start = scene.x(process.started.t);
  const end = scene.x(process.exited?.t ?? scene.edge);
  const width = Math.max(end - start, 1);
  scene.leave({ x: start, y: scene.top(lane), width, height: lane.height }, wholeLife(process));
  surface.faintly(0.32, () => surface.box(start, y - LINE / 2, width, LINE, 2, colour));
  paintRunning(scene, process, y, colour);
  surface.box(start - 1, y - 8, 2, 16, 0, colour);
  paintZombie(scene, process, y);
}

/**
 * What is shown where a process is, but nothing of what it does.
 * @param {Process} process
 * @returns {Shown}
 */
export function wholeLife({ key, started, exited }) {
  return { select: { kind: "process", key }, seq: started.seq, start: started.t, end: exited?.t ?? null };
}

/**
 * Where it used the processor the line is stronger, the more the larger its share. A sample tells the time used until
 * then; it is written when something changed, so what it tells happened since the sampler's last look.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 * @param {string} colour
 */
function paintRunning(scene, { samples }, y, colour) {
  const { surface } = scene;
  for (let place = Math.max(1, samples.firstNot(({ t }) => t < scene.from)); place < samples.length; place += 1) {
    const [before, sample] = [samples.at(place - 1), samples.at(place)];
    const start = Math.max(before.t, sample.t - SAMPLING);
    if (start > scene.to) break;
    const share = Math.min((sample.cpu_us - before.cpu_us) / Math.max(sample.t - start, 1), 1);
    if (share < LEAST_SHARE) continue;
    const x = scene.x(start);
    surface.faintly(0.25 + 0.5 * share, () => surface.box(x, y - LINE / 2, scene.x(sample.t) - x, LINE, 0, colour));
  }
}

/**
 * From the exit until somebody reads the status.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintZombie(scene, { exited, zombie, reaped }, y) {
  if (exited === null) return;
  const { surface, theme } = scene;
  const start = scene.x(exited.t);
  const end = scene.x(reaped?.t ?? scene.edge);
  if (end - start < 3 || end < scene.left) return;
  surface.stroke(theme.bad, 1.5, [1.5, 3], (context) => {
    context.moveTo(start, y);
    context.lineTo(end, y);
  });
  const words = `${say(scene.text, "state.zombie")} ${duration((reaped?.t ?? scene.edge) - exited.t)}`;
  const font = `600 11px ${theme.sans}`;
  const width = surface.widthOf(words, font) + 12;
  const middle = (Math.max(start, scene.left) + Math.min(end, scene.right)) / 2;
  if (Math.min(end, scene.right) - Math.max(start, scene.left) > width + LONG_ZOMBIE) {
    surface.box(middle - width / 2, y - 8, width, 16, 4, theme.panel);
    surface.write(words, middle, y, font, theme.bad, "center");
  }
  const shown = { select: null, seq: zombie?.seq ?? exited.seq, start: exited.t, end: reaped?.t ?? null };
  scene.leave({ x: start, y: y - 8, width: end - start, height: 16 }, shown);
}

/**
 * How it ended: a small code, or a cross and the signal's name.
 * @param {Scene} scene
 * @param {ProcessLane} lane
 * @param {Process} process
 */
export function paintExit(scene, lane, process) {
  const { surface, theme } = scene;
  const { exited, reaped } = process;
  if (exited === null) return;
  const x = scene.x(exited.t);
  if (x < scene.left - 2 || x > scene.right + 2) return;
  const y = scene.top(lane) + lane.height / 2;
  const isGood = exited.code === 0;
  const colour = isGood ? scene.colour(process) : theme.bad;
  if (exited.signal) cross(scene, x, y, colour);
  else surface.box(x - 1, y - 8, 2, 16, 0, colour);
  const isZombieLong = scene.x(reaped?.t ?? scene.edge) - x > 10;
  const words = exited.signal ?? (isGood ? "0" : String(exited.code));
  const font = `${isGood ? 500 : 650} 10.5px ${theme.mono}`;
  const width = surface.widthOf(words, font);
  surface.write(words, x + 7, isZombieLong ? y - 9 : y, font, isGood ? theme.dim : theme.bad);
  const shown = { ...wholeLife(process), seq: exited.seq, start: exited.t, end: null };
  scene.leave({ x: x - 5, y: y - 10, width: width + 16, height: 20 }, shown);
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function cross({ surface }, x, y, colour) {
  surface.stroke(colour, 2, [], (context) => {
    for (const side of [-1, 1]) {
      context.moveTo(x - 4, y - 4 * side);
      context.lineTo(x + 4, y + 4 * side);
    }
  });
}

/**
 * Waits for queues and locks, and stops: hatched, with a word at the end; an item's flag may stand at the beginning.
 * @param {Scene} scene
 * @param {ProcessLane} lane
 * @param {Process} process
 */
export function paintHoldUps(scene, lane, process) {
  const y = scene.top(lane) + lane.height / 2;
  for (const wait of inView(scene, process.waits)) paintWait(scene, process, wait, y);
  for (const stop of inView(scene, process.stops)) paintStop(scene, process, stop, y);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Wait} wait
 * @param {number} y
 */
function paintWait(scene, process, wait, y) {
  const words = wait.on === "queue" ? `${wait.op}…` : objectName(scene.run, scene.run.objects.at(wait.key));
  paintHatched(scene, process, wait, y, scene.theme.hatch, words, scene.theme.dim);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Stop} stop
 * @param {number} y
 */
function paintStop(scene, process, stop, y) {
  paintHatched(scene, process, stop, y, scene.theme.stop, stop.signal, scene.theme.stop);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {{ start: number, end: number | null, seq: number }} span
 * @param {number} y
 * @param {string} colour
 * @param {string} words
 * @param {string} ink
 */
function paintHatched(scene, process, { start, end, seq }, y, colour, words, ink) {
  const { surface, theme } = scene;
  const x = Math.max(scene.x(start), scene.left - 8);
  const width = Math.min(scene.x(end ?? scene.edge), scene.right + 8) - x;
  if (width < 0.75) return;
  const top = y - BAR / 2;
  surface.box(x, top, width, BAR, 5, theme.panel);
  surface.box(x, top, width, BAR, 5, surface.hatching(colour));
  if (width > 6) outline(scene, x, top, width, colour);
  const font = `600 10.5px ${theme.mono}`;
  const wide = surface.widthOf(words, font);
  const room = process.puts.length + process.gets.length > 0 ? width / 2 : width;
  if (room > wide + 14 && y > AXIS_HEIGHT) {
    surface.box(x + width - wide - 11, y - 7, wide + 6, 14, 4, theme.panel);
    surface.write(words, x + width - 8, y, font, ink, "right");
  }
  scene.leave({ x, y: top, width, height: BAR }, { ...wholeLife(process), seq, start, end });
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {string} colour
 */
function outline({ surface }, x, y, width, colour) {
  surface.stroke(colour, 1, [], (context) => context.roundRect(x + 0.5, y + 0.5, width - 1, BAR - 1, 5));
}

/**
 * The spans that reach into view; they must be in order of their start.
 * @template {{ start: number, end: number | null }} S
 * @param {Scene} scene
 * @param {import("../../base/vector.js").Vector<S>} spans
 * @returns {S[]}
 */
function inView(scene, spans) {
  const first = Math.max(0, spans.firstNot(({ start }) => start < scene.from) - 1);
  const seen = [];
  for (let place = first; place < spans.length; place += 1) {
    const span = spans.at(place);
    if (span.start > scene.to) break;
    if ((span.end ?? scene.edge) >= scene.from) seen.push(span);
  }
  return seen;
}
