/** Messages in pipes: an arrow from the lane of who sends to the lane of who receives, slanted by the time it took. */

import { BAR } from "./life.js";
import { AXIS_HEIGHT } from "./scene.js";

/** @import { Message } from "../../model/state.js" */
/** @import { Scene } from "./scene.js" */

/** Arrows between the same lanes that are nearer than this are one. */
const APART = 3;
/** A message may have been sent so many messages before the first in view and be received in it. */
const UNDERWAY = 64;
/** The length of what shows that nobody has received a message yet. */
const STUB = 9;

/** @param {Scene} scene */
export function paintMessages(scene) {
  const { messages } = scene.run;
  const timeOf = (/** @type {Message} */ { sent, received }) => (sent ?? received)?.t ?? 0;
  const first = Math.max(0, messages.firstNot((message) => timeOf(message) < scene.from) - UNDERWAY);
  /** @type {Map<string, number>} Where the last arrow between two lanes began. */
  const last = new Map();
  for (let place = first; place < messages.length; place += 1) {
    const message = messages.at(place);
    const x = scene.x(timeOf(message));
    if (x > scene.right) break;
    const pair = `${message.sent?.process} ${message.received?.process}`;
    if (x - (last.get(pair) ?? -Infinity) < APART) continue;
    last.set(pair, x);
    paintMessage(scene, message);
  }
}

/**
 * @param {Scene} scene
 * @param {Message} message
 */
function paintMessage(scene, { sent, received }) {
  const from = scene.middle(sent?.process ?? null);
  if (sent === null || sent.process === null || from === null) return;
  const start = scene.x(sent.t);
  const colour = scene.colour(scene.run.processes.at(sent.process));
  scene.surface.box(start - 2, from - BAR / 2, 4, BAR, 2, colour);
  scene.leave({ x: start - 3, y: from - BAR / 2, width: 6, height: BAR }, { select: { kind: "event", key: sent.seq }, seq: sent.seq, start: sent.t, end: null });
  const to = scene.middle(received?.process ?? null);
  if (received === null || to === null) return paintStub(scene, start, from, colour);
  if (to !== from) paintArrow(scene, [start, from], [scene.x(received.t), to], colour);
  scene.leave({ x: scene.x(received.t) - 4, y: to - BAR / 2, width: 8, height: BAR }, { select: { kind: "event", key: received.seq }, seq: received.seq, start: received.t, end: null });
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function paintStub({ surface }, x, y, colour) {
  surface.stroke(colour, 1.4, [2, 2], (context) => {
    context.moveTo(x, y + BAR / 2);
    context.lineTo(x, y + BAR / 2 + STUB);
  });
}

/**
 * From the edge of one lane to the edge of the other, with a head.
 * @param {Scene} scene
 * @param {[x: number, y: number]} from
 * @param {[x: number, y: number]} to
 * @param {string} colour
 */
function paintArrow({ surface }, [x1, middle1], [x2, middle2], colour) {
  const down = Math.sign(middle2 - middle1);
  const [y1, y2] = [middle1 + (down * BAR) / 2, middle2 - (down * BAR) / 2];
  if (Math.max(y1, y2) < AXIS_HEIGHT || Math.min(y1, y2) > surface.height) return;
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [along, across] = [(x2 - x1) / length, (y2 - y1) / length];
  surface.stroke(colour, 1.4, [], (context) => {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    for (const side of [-1, 1]) {
      context.moveTo(x2, y2);
      context.lineTo(x2 - 6 * along + side * 3.5 * across, y2 - 6 * across - side * 3.5 * along);
    }
  });
}
