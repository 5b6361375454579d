/** The column at the left: whose lane it is. It stays while the time moves. */

import { wholeLife } from "./life.js";
import { AXIS_HEIGHT } from "./scene.js";

/** @import { Process, Queue, Run } from "../../model/state.js" */
/** @import { Lane, Layout } from "./lanes.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Surface } from "./surface.js" */
/** @import { Theme } from "./theme.js" */

const INDENT = 10;
const DEEPEST = 4;
const NARROWEST = 96;
const WIDEST = 224;
/** Below this there is little room for indents. */
const NARROW = 150;
/** On a narrow screen the names take at most this part of it, and pids give way. */
const PART = 0.32;

/**
 * How wide the column must be for all names.
 * @param {Surface} surface
 * @param {Run} run
 * @param {Layout} layout
 * @param {number} width of the whole element
 * @returns {number}
 */
export function labelWidth(surface, run, { lanes }, width) {
  const most = Math.min(WIDEST, Math.max(NARROWEST, width * PART));
  const needed = lanes.map((lane) => neededBy(surface, run, lane));
  return Math.round(Math.min(most, Math.max(NARROWEST, ...needed)));
}

/**
 * @param {Surface} surface
 * @param {Run} run
 * @param {Lane} lane
 */
function neededBy(surface, run, lane) {
  const { theme } = surface;
  const indent = lane.kind === "process" ? indentOf(lane.depth, WIDEST) : 0;
  const name = lane.kind === "process" ? run.processes.at(lane.key).label : run.queues.at(lane.key).name;
  return 12 + indent + 14 + surface.widthOf(name, nameFont(theme)) + PID_ROOM;
}

/**
 * @param {number} depth in the tree
 * @param {number} width of the column
 */
function indentOf(depth, width) {
  return Math.min(depth, DEEPEST) * (width < NARROW ? INDENT / 2 : INDENT);
}

/** @param {Theme} theme */
const nameFont = ({ sans }) => `600 12.5px ${sans}`;
/** A pid, and the space around it. */
const PID_ROOM = 58;

/** @param {Scene} scene */
export function paintLabels(scene) {
  const { surface, theme, left } = scene;
  surface.box(0, AXIS_HEIGHT, left, surface.height, 0, theme.panel);
  for (const lane of scene.layout.lanes) if (scene.isVisible(lane)) paintLabel(scene, lane);
  const edge = surface.sharp(left);
  surface.stroke(theme.line, 1, [], (context) => {
    context.moveTo(edge, 0);
    context.lineTo(edge, surface.height);
  });
}

/**
 * @param {Scene} scene
 * @param {Lane} lane
 */
function paintLabel(scene, lane) {
  if (lane.kind === "queue") return paintQueue(scene, lane, scene.run.queues.at(lane.key));
  const process = processNow(scene, lane.key);
  const y = scene.top(lane) + lane.height / 2;
  const isChosen = scene.isSelected("process", process.key);
  if (isChosen) scene.surface.box(4, y - lane.height / 2 + 2, scene.left - 8, lane.height - 4, 6, scene.theme.wash);
  else if (scene.light.processes.has(process.key)) scene.surface.box(4, y - lane.height / 2 + 2, scene.left - 8, lane.height - 4, 6, scene.theme.raised);
  paintProcess(scene, process, 12 + indentOf(lane.depth, scene.left), y);
  scene.leave({ x: 0, y: scene.top(lane), width: scene.left, height: lane.height }, wholeLife(process));
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} x
 * @param {number} y
 */
function paintProcess(scene, process, x, y) {
  const { surface, theme, left } = scene;
  const { context } = surface;
  context.fillStyle = scene.colour(process);
  context.beginPath();
  context.arc(x + 4, y, 4, 0, 2 * Math.PI);
  context.fill();
  const small = `11px ${theme.mono}`;
  const font = nameFont(theme);
  const pid = String(process.pid);
  const room = left - x - 14 - 10;
  const isRoomy = surface.widthOf(process.label, font) + 10 + surface.widthOf(pid, small) <= room;
  const ink = process.exited ? theme.dim : theme.ink;
  surface.write(surface.fittedMiddle(process.label, font, room), x + 14, y, font, ink);
  if (isRoomy && process.label !== pid) surface.write(pid, left - 10, y, small, theme.dim, "right");
}

/**
 * The process as it is at the moment one looks at; before its birth as it will be.
 * @param {Scene} scene
 * @param {number} key
 * @returns {Process}
 */
function processNow({ now, run }, key) {
  const { label } = run.processes.at(key);
  return { ...(key < now.processes.length ? now : run).processes.at(key), label };
}

/**
 * @param {Scene} scene
 * @param {Lane} lane
 * @param {Queue} queue
 */
function paintQueue(scene, lane, queue) {
  const { surface, theme, left } = scene;
  const y = scene.top(lane) + lane.height / 2;
  const font = nameFont(theme);
  const size = queue.key < scene.now.queues.length ? scene.now.queues.at(queue.key).size : 0;
  const level = queue.capacity > 0 ? `${size}/${queue.capacity}` : String(size);
  const small = `11px ${theme.mono}`;
  const isRoomy = surface.widthOf(queue.name, font) + surface.widthOf(level, small) < left - 26 - 16;
  surface.faintly(0.8, () => surface.box(12, y - 4, 8, 8, 2, theme.accent));
  surface.write(surface.fittedMiddle(queue.name, font, left - 26 - 8), 26, y, font, theme.ink);
  if (isRoomy) surface.write(level, left - 10, y, small, theme.dim, "right");
}
