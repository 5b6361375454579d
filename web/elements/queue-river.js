/**
 * Queues as rivers: the fill level as the river's height, each item an arrow from the lane of who puts it to the lane
 * of who gets it. Who waits at a full or an empty queue is hatched on his own lane (`timeline/life.js`).
 */

import { brief } from "../model/sentence.js";
import { BAR } from "./timeline/life.js";

/** @import { Vector } from "../base/vector.js" */
/** @import { Item, Moment, Process, Queue } from "../model/state.js" */
/** @import { ProcessLane, QueueLane } from "./timeline/lanes.js" */
/** @import { Scene } from "./timeline/scene.js" */

const MARGIN = 11;

/**
 * @param {Scene} scene
 * @param {QueueLane} lane
 * @param {Queue} queue
 */
export function paintRiver(scene, lane, queue) {
  const { surface, theme } = scene;
  const bed = bedOf(scene, lane, queue);
  const start = Math.max(scene.x(queue.created?.t ?? queue.levels.at(0)?.t ?? 0), scene.left - 10);
  const end = Math.min(scene.x(endOf(scene, queue)), scene.right + 10);
  if (end <= start) return;
  surface.faintly(0.5, () => surface.box(start, bed.top, end - start, bed.height, 6, theme.raised));
  paintLevels(scene, queue, bed);
  surface.stroke(theme.line, 1, [], (context) => context.roundRect(start, bed.top, end - start, bed.height, 6));
}

/**
 * @param {Scene} scene
 * @param {QueueLane} lane
 * @param {Queue} queue
 */
function bedOf(scene, lane, { capacity, peak }) {
  const height = lane.height - 2 * MARGIN;
  return { top: scene.top(lane) + MARGIN, height, most: Math.max(capacity > 0 ? capacity : peak, 1) };
}

/**
 * A river flows as long as somebody could put or get.
 * @param {Scene} scene
 * @param {Queue} queue
 */
function endOf({ run, edge }, { putters, getters, created }) {
  const owners = [...putters, ...getters, created?.process ?? null].filter((key) => key !== null);
  const ends = owners.map((key) => run.processes.at(key).exited?.t ?? edge);
  return ends.length === 0 ? edge : Math.max(...ends);
}

/**
 * @param {Scene} scene
 * @param {Queue} queue
 * @param {{ top: number, height: number, most: number }} bed
 */
function paintLevels(scene, queue, bed) {
  const { surface, theme } = scene;
  const font = `600 11px ${theme.sans}`;
  const middle = bed.top + bed.height / 2;
  for (const { x, end, size } of stretches(scene, queue)) {
    const part = Math.min(size / bed.most, 1);
    const height = bed.height * part;
    surface.faintly(0.16 + 0.36 * part, () => surface.box(x, middle - height / 2, end - x, height, 0, theme.accent));
    const words = String(size);
    if (size > 0 && end - x > surface.widthOf(words, font) + 8) {
      surface.write(words, (Math.max(x, scene.left) + Math.min(end, scene.right)) / 2, middle, font, theme.accent, "center");
    }
  }
}

/**
 * The visible stretches of one fill level. Levels that last less than a pixel give way to the next.
 * @param {Scene} scene
 * @param {Queue} queue
 * @returns {{ x: number, end: number, size: number }[]}
 */
function stretches(scene, queue) {
  const { levels } = queue;
  /** @type {{ x: number, end: number, size: number }[]} */
  const seen = [];
  for (let place = Math.max(0, levels.firstNot(({ t }) => t < scene.from) - 1); place < levels.length; place += 1) {
    const { t, size } = levels.at(place);
    if (t > scene.to) break;
    const x = Math.max(scene.x(t), scene.left - 10);
    const next = place + 1 < levels.length ? levels.at(place + 1).t : endOf(scene, queue);
    append(seen, { x, end: Math.min(scene.x(next), scene.right + 10), size });
  }
  return seen;
}

/**
 * @param {{ x: number, end: number, size: number }[]} seen
 * @param {{ x: number, end: number, size: number }} stretch
 */
function append(seen, stretch) {
  const former = seen.at(-1);
  const start = former && former.end - former.x < 1 ? seen.pop()?.x : stretch.x;
  const same = seen.at(-1);
  if (same?.size === stretch.size) same.end = stretch.end;
  else seen.push({ ...stretch, x: start ?? stretch.x });
}

/**
 * The way of each item into the river and out of it.
 * @param {Scene} scene
 * @param {QueueLane} lane
 * @param {Queue} queue
 */
export function paintItems(scene, lane, queue) {
  const bed = bedOf(scene, lane, queue);
  const crowd = crowdOf(scene, queue);
  /** @type {Map<number, number>} The last place painted, for each process and direction. */
  const painted = new Map();
  for (const key of queue.items) {
    const item = scene.run.items.at(key);
    if ((item.put?.t ?? 0) > scene.to) break;
    paintWay(scene, item, item.put, { bed, painted, crowd, direction: -1 });
    paintWay(scene, item, item.got, { bed, painted, crowd, direction: 1 });
    if (scene.isSelected("item", item.key)) paintStay(scene, item, bed);
  }
}

/**
 * How many items come on the room of one arrow, 1 or more: crowds are painted faintly.
 * @param {Scene} scene
 * @param {Queue} queue
 */
function crowdOf(scene, { levels }) {
  const count = levels.firstNot(({ t }) => t <= scene.to) - levels.firstNot(({ t }) => t < scene.from);
  return Math.max(1, (count * 7) / (scene.right - scene.left));
}

/**
 * @typedef {object} Way
 * @property {{ top: number, height: number }} bed
 * @property {Map<number, number>} painted
 * @property {number} crowd
 * @property {-1 | 1} direction -1: into the river
 */

/**
 * @param {Scene} scene
 * @param {Item} item
 * @param {Moment | null} moment
 * @param {Way} way
 */
function paintWay(scene, item, moment, { bed, painted, crowd, direction }) {
  const y = scene.middle(moment?.process ?? null);
  if (!moment || y === null || moment.t < scene.from || moment.t > scene.to) return;
  const x = scene.x(moment.t);
  const line = ((moment.process ?? 0) + 1) * direction;
  const isChosen = scene.isSelected("item", item.key);
  if (!isChosen && x - (painted.get(line) ?? -Infinity) < 2) return;
  painted.set(line, x);
  const isAbove = y < bed.top;
  const bank = isAbove ? bed.top : bed.top + bed.height;
  const start = isAbove ? y + BAR / 2 : y - BAR / 2;
  const [from, to] = direction < 0 ? [start, bank] : [bank, start];
  scene.surface.faintly(isChosen ? 1 : 1 / crowd, () => arrow(scene, x, from, to, isChosen));
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} from
 * @param {number} to
 * @param {boolean} isChosen
 */
function arrow({ surface, theme }, x, from, to, isChosen) {
  const colour = isChosen ? theme.ink : theme.faint;
  const back = Math.sign(from - to) * 5;
  surface.stroke(colour, isChosen ? 2 : 1, [], (context) => {
    context.moveTo(x, from);
    context.lineTo(x, to);
    context.moveTo(x - 3, to + back);
    context.lineTo(x, to);
    context.lineTo(x + 3, to + back);
  });
}

/**
 * The time an item lies in the river.
 * @param {Scene} scene
 * @param {Item} item
 * @param {{ top: number, height: number }} bed
 */
function paintStay(scene, item, bed) {
  const { surface, theme } = scene;
  const y = bed.top + bed.height / 2;
  const from = scene.x(item.put?.t ?? scene.from);
  const to = scene.x(item.got?.t ?? scene.edge);
  surface.stroke(theme.ink, 2, [], (context) => {
    context.moveTo(from, bed.top);
    context.lineTo(from, y);
    context.lineTo(to, y);
    if (item.got) context.lineTo(to, bed.top + bed.height);
  });
}

/**
 * Each item as a small flag where a process puts or gets it.
 * @param {Scene} scene
 * @param {ProcessLane} lane
 * @param {Process} process
 */
export function paintFlags(scene, lane, process) {
  const y = scene.top(lane) + lane.height / 2;
  paintFlagRow(scene, process, process.puts, ({ put }) => put, y);
  paintFlagRow(scene, process, process.gets, ({ got }) => got, y);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Vector<number>} keys
 * @param {(item: Item) => Moment | null} momentOf
 * @param {number} y
 */
function paintFlagRow(scene, process, keys, momentOf, y) {
  const { items } = scene.run;
  const timeOf = (/** @type {number} */ key) => momentOf(items.at(key))?.t ?? 0;
  let lastX = -Infinity;
  const first = Math.max(0, keys.firstNot((key) => timeOf(key) < scene.from) - 1);
  for (let place = first; place < keys.length; place += 1) {
    const item = items.at(keys.at(place));
    const x = scene.x(timeOf(item.key));
    if (x > scene.right) break;
    if (x - lastX < 2) continue;
    lastX = x;
    const next = place + 1 < keys.length ? scene.x(timeOf(keys.at(place + 1))) : Infinity;
    const wait = process.waits.length > 0 ? nextWait(scene, process, timeOf(item.key)) : Infinity;
    paintFlag(scene, process, item, momentOf(item), x, Math.min(next, wait, endX(scene, process)) - x - 2, y);
  }
}

/** @param {Scene} scene @param {Process} process */
function endX(scene, { exited }) {
  return exited ? scene.x(exited.t) : Infinity;
}

/**
 * Where the next wait begins, which needs the room.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} t
 */
function nextWait(scene, { waits }, t) {
  const place = waits.firstNot(({ start }) => start < t);
  return place < waits.length ? scene.x(waits.at(place).start) : Infinity;
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Item} item
 * @param {Moment | null} moment
 * @param {number} x
 * @param {number} room
 * @param {number} y
 */
function paintFlag(scene, process, item, moment, x, room, y) {
  const { surface, theme } = scene;
  const font = `600 11px ${theme.sans}`;
  const name = item.value === undefined ? `#${item.id}` : brief(item.value);
  const words = process.tasks.length > 0 ? "" : surface.fitted(name, font, Math.min(room - 7, 120));
  const width = words === "" || room < 18 ? 5 : surface.widthOf(words, font) + 7;
  surface.box(x - 1, y - BAR / 2, width, BAR, 4, scene.colour(process));
  if (width > 5) surface.write(words, x + 2.5, y, font, theme.onProcess);
  if (scene.isSelected("item", item.key)) {
    surface.stroke(theme.ink, 2, [], (context) => context.roundRect(x - 1, y - BAR / 2, width, BAR, 4));
  }
  scene.leave({
    ...{ x: x - 1, y: y - BAR / 2, width, height: BAR, select: { kind: "item", key: item.key } },
    ...{ seq: moment?.seq ?? null, start: moment?.t ?? 0, end: null },
  });
}
