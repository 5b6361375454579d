/**
 * Tasks as bars on their worker's lane, and their callbacks as rings on the lane of the process that runs them.
 * Bars too small to tell apart become one block that says how many they are.
 */

import { duration } from "../../base/duration.js";
import { BAR, wholeLife } from "./life.js";

/** @import { Process, Task } from "../../model/state.js" */
/** @import { Selected } from "../words.js" */
/** @import { ProcessLane } from "./lanes.js" */
/** @import { Scene } from "./scene.js" */

/** Narrower bars are merged with their neighbours. */
const LEAST = 4;
/** Rings are at least this far apart. */
const RING_GAP = 4;
/** Ways to callbacks that are nearer to each other, in pixels, are fainter. */
const ROOMY = 12;
/** Fainter ways are left out. */
const FAINTEST = 0.4;

/** @typedef {{ x: number, end: number, tasks: Task[] }} Block */

/**
 * @param {Scene} scene
 * @param {ProcessLane} lane
 * @param {Process} process
 */
export function paintTasks(scene, lane, process) {
  const y = scene.top(lane) + lane.height / 2 - BAR / 2;
  for (const block of blocksOf(scene, process)) {
    const [task] = block.tasks;
    if (task && block.tasks.length === 1) paintTask(scene, process, task, block, y);
    else paintBlock(scene, process, block, y);
  }
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @returns {Block[]}
 */
function blocksOf(scene, { key, tasks }) {
  const startOf = (/** @type {number} */ task) => scene.run.tasks.at(task).started?.t ?? 0;
  /** @type {Block[]} */
  const blocks = [];
  const first = Math.max(0, tasks.firstNot((task) => startOf(task) < scene.from) - 1);
  for (let place = first; place < tasks.length; place += 1) {
    const task = scene.run.tasks.at(tasks.at(place));
    if (startOf(task.key) > scene.to) break;
    const end = scene.x(task.ended?.t ?? scene.edge);
    if (task.worker === key && task.started) added(blocks, task, scene.x(task.started.t), end);
  }
  return blocks;
}

/**
 * @param {Block[]} blocks
 * @param {Task} task
 * @param {number} x
 * @param {number} end
 */
function added(blocks, task, x, end) {
  const last = blocks.at(-1);
  const isSmall = end - x < LEAST;
  if (last && isSmall && x - last.end < 2 && (last.tasks.length > 1 || last.end - last.x < LEAST)) {
    last.end = Math.max(end, last.end);
    last.tasks.push(task);
  } else blocks.push({ x, end, tasks: [task] });
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Task} task
 * @param {Block} block
 * @param {number} y
 */
function paintTask(scene, process, task, block, y) {
  const { surface, theme } = scene;
  const x = Math.max(block.x, scene.left - 8);
  const width = Math.max(Math.min(block.end, scene.right + 8) - x, 1.5);
  const gap = width > 8 ? 1 : 0;
  surface.box(x, y, width - gap, BAR, 5, scene.colour(process));
  if (task.state === "failed" || task.state === "lost") paintBadEnd(scene, task, x, y, width);
  paintName(scene, task, x, y, Math.min(x + width, firstStop(scene, process, task)) - x);
  if (scene.isSelected("task", task.key)) {
    surface.stroke(theme.ink, 2, [], (context) => context.roundRect(x, y, width - gap, BAR, 5));
  }
  const { key, started, ended } = task;
  const seq = (ended ?? started)?.seq ?? null;
  const shown = { select: chosen(key), seq, start: started?.t ?? 0, end: ended?.t ?? null };
  scene.leave({ x, y, width, height: BAR }, shown);
}

/**
 * A task that failed ends in red; one that was lost with its worker is torn.
 * @param {Scene} scene
 * @param {Task} task
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function paintBadEnd({ surface, theme }, task, x, y, width) {
  const end = x + width;
  const size = Math.min(width, task.state === "failed" ? 5 : 14);
  surface.box(end - size, y, size, BAR, 0, theme.panel);
  const fill = task.state === "failed" ? theme.bad : surface.hatching(theme.bad);
  surface.box(end - size + 1, y, size - 1, BAR, 0, fill);
}

/**
 * Where the first stop within a task begins, whose stripes would make its name unreadable.
 * @param {Scene} scene
 * @param {Process} process
 * @param {Task} task
 */
function firstStop(scene, { stops }, task) {
  const place = stops.firstNot(({ start }) => start < (task.started?.t ?? 0));
  return place < stops.length ? scene.x(stops.at(place).start) : Infinity;
}

/**
 * @param {Scene} scene
 * @param {Task} task
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function paintName({ surface, theme, left }, task, x, y, width) {
  const shown = Math.max(x, left);
  const room = x + width - shown - 16;
  if (room < 10) return;
  const font = `600 11.5px ${theme.sans}`;
  const long = task.started && task.ended ? `${task.name} · ${duration(task.ended.t - task.started.t)}` : task.name;
  const words = surface.widthOf(long, font) <= room ? long : surface.fitted(task.name, font, room);
  surface.write(words, shown + 8, y + BAR / 2, font, theme.onProcess);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Block} block
 * @param {number} y
 */
function paintBlock(scene, process, { x, end, tasks }, y) {
  const { surface, theme } = scene;
  const width = Math.max(end - x, 2);
  surface.faintly(0.78, () => surface.box(x, y + 2, width, BAR - 4, 3, scene.colour(process)));
  const font = `600 10.5px ${theme.sans}`;
  const words = `×${tasks.length}`;
  if (surface.widthOf(words, font) + 8 <= width) {
    surface.write(words, x + width / 2, y + BAR / 2, font, theme.onProcess, "center");
  }
  const first = tasks[0]?.started;
  const last = tasks.at(-1)?.ended;
  const shown = { ...wholeLife(process), seq: first?.seq ?? null, start: first?.t ?? 0, end: last?.t ?? null };
  scene.leave({ x, y, width, height: BAR }, shown);
}

/**
 * The way from the end of each task to its callback, below the bars; all in one stroke, as they may be many. A crowd
 * of them tells nothing and is left out.
 * @param {Scene} scene
 */
export function paintAnswers(scene) {
  const { surface, theme, selection } = scene;
  for (const { callbacks, y } of visibleCallbacks(scene)) {
    const strength = Math.min(1, gapOf(scene, callbacks) / ROOMY);
    if (strength > FAINTEST) surface.faintly(strength, () => surface.stroke(theme.hatch, 1, [1.5, 3], (context) => {
      for (const task of callbacks) traceAnswer(scene, context, task, y);
    }));
    const picked = callbacks.find(({ key }) => selection?.kind === "task" && key === selection.key);
    if (picked) surface.stroke(theme.ink, 1.5, [1.5, 3], (context) => traceAnswer(scene, context, picked, y));
  }
}

/**
 * How far callbacks are from each other on average, in pixels.
 * @param {Scene} scene
 * @param {readonly Task[]} callbacks in order of time
 */
function gapOf({ scale }, callbacks) {
  const [first, last] = [callbacks[0]?.callback?.t ?? 0, callbacks.at(-1)?.callback?.t ?? 0];
  return callbacks.length < 2 ? Infinity : ((last - first) * scale) / (callbacks.length - 1);
}

/**
 * Each callback as a ring on the lane of the process that runs it.
 * @param {Scene} scene
 */
export function paintCallbacks(scene) {
  for (const { process, callbacks, y } of visibleCallbacks(scene)) {
    for (const task of callbacks) paintRing(scene, process, task, y);
  }
}

/** @typedef {{ process: Process, callbacks: Task[], y: number }[]} Callbacks */

/** Those of a frame, whose ways lie below the bars and whose rings above. @type {WeakMap<Scene, Callbacks>} */
const found = new WeakMap();

/**
 * The callbacks in view, as many as can be told apart.
 * @param {Scene} scene
 * @returns {Callbacks}
 */
function visibleCallbacks(scene) {
  const known = found.get(scene);
  if (known) return known;
  /** @type {Callbacks} */
  const seen = [];
  found.set(scene, seen);
  for (const process of scene.run.processes) {
    const y = scene.middle(process.key);
    if (y === null || process.callbacks.length === 0) continue;
    seen.push({ process, callbacks: callbacksInView(scene, process), y });
  }
  return seen;
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @returns {Task[]}
 */
function callbacksInView(scene, { callbacks }) {
  const timeOf = (/** @type {number} */ key) => scene.run.tasks.at(key).callback?.t ?? 0;
  const gap = RING_GAP / scene.scale;
  /** @type {Task[]} */
  const seen = [];
  for (let place = 0, due = scene.from; ; place += 1) {
    place = callbacks.nextNot(place, (key) => timeOf(key) < due);
    const task = place < callbacks.length ? scene.run.tasks.at(callbacks.at(place)) : null;
    if (task === null || timeOf(task.key) > scene.to) break;
    due = timeOf(task.key) + gap;
    seen.push(task);
  }
  return seen;
}

/**
 * @param {Scene} scene
 * @param {CanvasRenderingContext2D} context
 * @param {Task} task
 * @param {number} y of the lane of the callback
 */
function traceAnswer(scene, context, task, y) {
  const from = scene.middle(task.worker);
  if (from === null || !task.ended || !task.callback) return;
  context.moveTo(scene.x(task.ended.t), from + Math.sign(y - from) * (BAR / 2));
  context.lineTo(scene.x(task.callback.t), y + Math.sign(from - y) * 5);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Task} task
 * @param {number} y
 */
function paintRing(scene, process, task, y) {
  const { surface, theme } = scene;
  const x = scene.x(task.callback?.t ?? 0);
  const isGood = task.error === null;
  surface.ring(x, y, 3.6, isGood ? scene.colour(process) : theme.bad, isGood ? theme.panel : theme.bad);
  const { key, callback } = task;
  const shown = { select: chosen(key), seq: callback?.seq ?? null, start: callback?.t ?? 0, end: null };
  scene.leave({ x: x - 6, y: y - 8, width: 12, height: 16 }, shown);
}

/** @param {number} key @returns {Selected} */
function chosen(key) {
  return { kind: "task", key };
}
