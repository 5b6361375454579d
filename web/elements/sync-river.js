/**
 * Locks, semaphores, barriers and shared values as rivers, in the language of the queues: a bed below the lanes of those
 * who use it. A lock's bed has the colour of who has it; a semaphore's fills with those who have a place, a barrier's with
 * those who wait at it; a shared value's has the colour of who wrote it last. Arrows go between the lanes and the bed, and
 * the bed is hatched at its edge while somebody waits.
 */

import { brief } from "../model/sentence.js";
import { traceArrow, traceLine, wayBetween } from "./queue-river.js";

/** @import { Vector } from "../base/vector.js" */
/** @import { SharedVariable, SyncState } from "../model/state.js" */
/** @import { Lane } from "./timeline/lanes.js" */
/** @import { Scene } from "./timeline/scene.js" */

const MARGIN = 9;
/** The height of the stripes while somebody waits. */
const STRIPES = 4;
/** More ways a pixel than this are lines without heads. */
const DENSE = 0.05;
/** Ways nearer than this are one. */
const APART = 2;

/** @typedef {{ top: number, height: number }} Bed pixels */
/** @typedef {{ process: number, t: number, direction: -1 | 1, colour: string }} Way -1: into the bed */

/**
 * @param {Scene} scene
 * @param {Lane} lane
 */
export function paintPool(scene, lane) {
  if (lane.kind === "sync") paintThing(scene, bedOf(scene, lane), scene.run.objects.at(lane.key));
  else if (lane.kind === "shared") paintShared(scene, bedOf(scene, lane), scene.run.shared.at(lane.key));
}

/**
 * The ways between the lanes and the bed.
 * @param {Scene} scene
 * @param {Lane} lane
 */
export function paintWays(scene, lane) {
  if (lane.kind !== "sync" && lane.kind !== "shared") return;
  const bed = bedOf(scene, lane);
  const isSeen = (/** @type {number} */ process) => scene.isCrossed(scene.middle(process) ?? bed.top, bed.top);
  const object = lane.kind === "sync" ? scene.run.objects.at(lane.key) : null;
  if (object && !object.users.some(isSeen)) return;
  const seen = apart(scene, object ? waysOf(scene, object) : writesOf(scene, scene.run.shared.at(lane.key)));
  const trace = seen.length > DENSE * (scene.right - scene.left) ? traceLine : traceArrow;
  for (const { process, t, direction, colour } of seen) {
    const y = scene.middle(process);
    if (y !== null) scene.surface.stroke(colour, 1, [], (context) => trace(context, scene.x(t), ...wayBetween(y, bed, direction)));
  }
}

/**
 * @param {Scene} scene
 * @param {Lane} lane
 * @returns {Bed}
 */
function bedOf(scene, lane) {
  return { top: scene.top(lane) + MARGIN, height: lane.height - 2 * MARGIN };
}

/**
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {SyncState} object
 */
function paintThing(scene, bed, object) {
  const { levels } = object;
  const first = levels.length > 0 ? levels.at(0).t : scene.edge;
  paintBed(scene, bed, first);
  if (object.kind === "lock") paintHolds(scene, bed, object);
  else paintLevels(scene, bed, object);
  paintWaiting(scene, bed, object);
}

/**
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {number} from µs, when it was first used
 */
function paintBed(scene, bed, from) {
  const { surface, theme } = scene;
  const start = Math.max(scene.x(from), scene.left - 10);
  const end = Math.min(scene.x(scene.edge), scene.right + 10);
  if (end <= start) return;
  surface.faintly(0.5, () => surface.box(start, bed.top, end - start, bed.height, 6, theme.raised));
  surface.stroke(theme.line, 1, [], (context) => context.roundRect(start, bed.top, end - start, bed.height, 6));
}

/**
 * A lock has the colour of who has it, and the name where there is room.
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {SyncState} object
 */
function paintHolds(scene, bed, { holds }) {
  let lastX = -Infinity;
  for (let place = Math.max(0, holds.firstNot(({ start }) => start < scene.from) - 1); place < holds.length; place += 1) {
    const { process: key, start, end, seq } = holds.at(place);
    if (start > scene.to) break;
    const process = scene.run.processes.at(key);
    const span = { x: scene.x(start), end: scene.x(end ?? scene.edge) };
    if (span.end - lastX < 1) continue;
    lastX = span.end;
    paintStretch(scene, bed, span, { colour: scene.colour(process), words: process.label, isFull: true });
    const box = { x: span.x, y: bed.top, width: span.end - span.x, height: bed.height };
    scene.leave(box, { select: { kind: "process", key }, seq, start, end });
  }
}

/**
 * How many have a place, or wait at a barrier.
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {SyncState} object
 */
function paintLevels(scene, bed, { kind, levels }) {
  const sizeOf = (/** @type {{ holders: number, waiters: number }} */ level) => (kind === "barrier" ? level.waiters : level.holders);
  const most = Math.max(1, ...[...levels.from(levels.length - 256)].map(sizeOf));
  let lastX = -Infinity;
  for (let place = Math.max(0, levels.firstNot(({ t }) => t < scene.from) - 1); place < levels.length; place += 1) {
    const level = levels.at(place);
    if (level.t > scene.to) break;
    const next = place + 1 < levels.length ? levels.at(place + 1).t : scene.edge;
    const span = { x: scene.x(level.t), end: scene.x(next) };
    const part = Math.min(sizeOf(level) / most, 1);
    if (part === 0 || span.end - lastX < 1) continue;
    lastX = span.end;
    const height = bed.height * part;
    const filled = { top: bed.top + (bed.height - height) / 2, height };
    paintStretch(scene, filled, span, { colour: scene.theme.accent, words: String(sizeOf(level)), isFull: false });
  }
}

/**
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {SharedVariable} variable
 */
function paintShared(scene, bed, { history }) {
  if (history.length === 0) return;
  paintBed(scene, bed, history.at(0).t);
  let lastX = -Infinity;
  for (let place = Math.max(0, history.firstNot(({ t }) => t < scene.from) - 1); place < history.length; place += 1) {
    const { t, seq, value, process: key } = history.at(place);
    if (t > scene.to) break;
    const next = place + 1 < history.length ? history.at(place + 1).t : scene.edge;
    const span = { x: scene.x(t), end: scene.x(next) };
    if (span.end - lastX < 1) continue;
    lastX = span.end;
    const colour = key === null ? scene.theme.dim : scene.colour(scene.run.processes.at(key));
    paintStretch(scene, bed, span, { colour, words: brief(value), isFull: false });
    scene.leave({ x: span.x, y: bed.top, width: span.end - span.x, height: bed.height }, { select: { kind: "event", key: seq }, seq, start: t, end: null });
  }
}

/**
 * A stretch of a river and what is written in it.
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {{ x: number, end: number }} span pixels
 * @param {{ colour: string, words: string, isFull: boolean }} look `isFull`: in full colour, with words on it
 */
function paintStretch({ surface, theme, left, right }, { top, height }, { x, end }, { colour, words, isFull }) {
  const [from, to] = [Math.max(x, left - 10), Math.min(end, right + 10)];
  surface.faintly(isFull ? 0.85 : 0.24, () => surface.box(from, top, Math.max(to - from, 1), height, isFull ? 4 : 0, colour));
  const font = `600 11px ${theme.sans}`;
  const [start, stop] = [Math.max(from, left), Math.min(to, right)];
  if (stop - start < surface.widthOf(words, font) + 8) return;
  surface.write(words, (start + stop) / 2, top + height / 2, font, isFull ? theme.onProcess : colour, "center");
}

/**
 * Stripes at the edge of the bed while somebody waits for what others have.
 * @param {Scene} scene
 * @param {Bed} bed
 * @param {SyncState} object
 */
function paintWaiting(scene, bed, { kind, levels }) {
  if (kind === "barrier") return;
  const { surface, theme } = scene;
  for (let place = Math.max(0, levels.firstNot(({ t }) => t < scene.from) - 1); place < levels.length; place += 1) {
    const { t, waiters } = levels.at(place);
    if (t > scene.to) break;
    const next = place + 1 < levels.length ? levels.at(place + 1).t : scene.edge;
    const [x, end] = [Math.max(scene.x(t), scene.left), Math.min(scene.x(next), scene.right)];
    if (waiters > 0 && end - x >= 1) surface.box(x, bed.top + bed.height - STRIPES, end - x, STRIPES, 0, surface.hatching(theme.stop));
  }
}

/**
 * When each process took it, or came to a barrier and went on.
 * @param {Scene} scene
 * @param {SyncState} object
 * @returns {Generator<Way>}
 */
function* waysOf(scene, { kind, key, holds, users }) {
  const colour = scene.theme.faint;
  if (kind !== "barrier") {
    for (const { process, start } of inView(scene, holds, ({ start }) => start)) yield { process, t: start, direction: 1, colour };
    return;
  }
  for (const process of users) {
    for (const { on, key: other, start, end } of inView(scene, scene.run.processes.at(process).waits, ({ start }) => start, 1)) {
      if (on !== "sync" || other !== key) continue;
      yield { process, t: start, direction: -1, colour };
      if (end !== null) yield { process, t: end, direction: 1, colour };
    }
  }
}

/**
 * @param {Scene} scene
 * @param {SharedVariable} variable
 * @returns {Generator<Way>}
 */
function* writesOf(scene, { history }) {
  for (const { process, t } of inView(scene, history, ({ t }) => t)) {
    if (process !== null) yield { process, t, direction: -1, colour: scene.theme.faint };
  }
}

/**
 * @template T
 * @param {Scene} scene
 * @param {Vector<T>} list in order of time
 * @param {(element: T) => number} timeOf
 * @param {number} [before] how many are wanted that come before the view, as they may reach into it
 * @returns {Generator<T>}
 */
function* inView(scene, list, timeOf, before = 0) {
  for (const element of list.from(list.firstNot((one) => timeOf(one) < scene.from) - before)) {
    if (timeOf(element) > scene.to) return;
    yield element;
  }
}

/**
 * Those in view, of each process and direction no two nearer than a pixel or two.
 * @param {Scene} scene
 * @param {Iterable<Way>} ways in order of time for each process
 * @returns {Way[]}
 */
function apart(scene, ways) {
  /** @type {Map<number, number>} */
  const last = new Map();
  const seen = [];
  for (const way of ways) {
    const x = scene.x(way.t);
    const pair = way.process * way.direction - (way.direction < 0 ? 1 : 0);
    if (x < scene.left || x > scene.right || x - (last.get(pair) ?? -Infinity) < APART) continue;
    last.set(pair, x);
    seen.push(way);
  }
  return seen;
}
