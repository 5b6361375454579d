/**
 * Queues as rivers: the fill level as the river's height, each item an arrow from the lane of who puts it to the lane
 * of who gets it. Who waits at a full or an empty queue is hatched on his own lane (`timeline/life.js`).
 */

import { brief } from "../model/sentence.js";
import { BAR } from "./timeline/life.js";

/** @import { Vector } from "../base/vector.js" */
/** @import { Item, Moment, Process, Queue } from "../model/state.js" */
/** @import { ProcessLane, QueueLane } from "./timeline/lanes.js" */
/** @import { Selected } from "./words.js" */
/** @import { Scene } from "./timeline/scene.js" */

const MARGIN = 11;
/** More items on the room of one arrow are lines without heads, one for all of a place. */
const CROWD = 3;
/** The part of its room that a flag takes where stripes follow it. */
const BESIDE_WAIT = 0.75;

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
  const { seen, peaks } = stretches(scene, queue);
  for (const { x, size } of peaks) {
    const height = bed.height * Math.min(size / bed.most, 1);
    surface.faintly(0.7, () => surface.box(x - 1, middle - height / 2, 2, height, 0, theme.accent));
  }
  for (const { x, end, size } of seen) {
    const part = Math.min(size / bed.most, 1);
    const height = bed.height * part;
    surface.faintly(0.16 + 0.36 * part, () => surface.box(x, middle - height / 2, end - x, height, 0, theme.accent));
    const words = String(size);
    if (size > 0 && end - x > surface.widthOf(words, font) + 8) {
      const centre = (Math.max(x, scene.left) + Math.min(end, scene.right)) / 2;
      surface.write(words, centre, middle, font, theme.accent, "center");
    }
  }
}

/** @typedef {{ x: number, end: number, size: number }} Stretch a time of one fill level, in pixels */

/**
 * The visible stretches of one fill level, and the peaks that lasted less than a pixel.
 * @param {Scene} scene
 * @param {Queue} queue
 * @returns {{ seen: Stretch[], peaks: Stretch[] }}
 */
function stretches(scene, queue) {
  const { levels } = queue;
  /** @type {Stretch[]} */
  const seen = [];
  /** @type {Stretch[]} */
  const peaks = [];
  for (let place = Math.max(0, levels.firstNot(({ t }) => t < scene.from) - 1); place < levels.length; place += 1) {
    const { t, size } = levels.at(place);
    if (t > scene.to) break;
    const next = place + 1 < levels.length ? levels.at(place + 1).t : endOf(scene, queue);
    const x = Math.max(scene.x(t), scene.left - 10);
    append(seen, peaks, { x, end: Math.min(scene.x(next), scene.right + 10), size });
  }
  return { seen, peaks };
}

/**
 * @param {Stretch[]} seen
 * @param {Stretch[]} peaks
 * @param {Stretch} stretch
 */
function append(seen, peaks, stretch) {
  const former = seen.at(-1);
  const short = former && former.end - former.x < 1 ? seen.pop() : undefined;
  if (short && short.size > stretch.size && short.x - (peaks.at(-1)?.x ?? -Infinity) > 2) peaks.push(short);
  const same = seen.at(-1);
  if (same?.size === stretch.size) same.end = stretch.end;
  else seen.push({ ...stretch, x: short?.x ?? stretch.x });
}

/**
 * The way of each item into the river and out of it; all in one stroke, as they may be many.
 * @param {Scene} scene
 * @param {QueueLane} lane
 * @param {Queue} queue
 */
export function paintItems(scene, lane, queue) {
  const { surface, theme } = scene;
  const bed = bedOf(scene, lane, queue);
  const { processes } = scene.run;
  const usersOf = (/** @type {readonly number[]} */ keys) => keys.map((key) => ({ y: scene.middle(key) ?? bed.top, process: processes.at(key) })).filter(({ y }) => scene.isCrossed(y, bed.top + bed.height / 2));
  const [putters, getters] = [usersOf(queue.putters), usersOf(queue.getters)];
  const crowd = crowdOf(scene, queue);
  const ways = [
    ...putters.flatMap(({ y, process }) => waysOf(scene, queue, process.puts, ({ put }) => put).map((x) => /** @type {const} */ ([x, ...wayBetween(y, bed, -1)]))),
    ...getters.flatMap(({ y, process }) => waysOf(scene, queue, process.gets, ({ got }) => got).map((x) => /** @type {const} */ ([x, ...wayBetween(y, bed, 1)]))),
  ];
  surface.faintly(1 / Math.min(crowd, CROWD), () => surface.stroke(theme.faint, 1, [], (context) => {
    if (crowd > CROWD) for (const way of longest(ways)) traceLine(context, ...way);
    else for (const way of ways) traceArrow(context, ...way);
  }));
  for (const key of chosenItems(scene)) {
    const item = scene.run.items.at(key);
    if (item.queue === queue.key) paintChosen(scene, item, bed);
  }
}

/** @typedef {readonly [x: number, from: number, to: number]} Way up or down, in pixels */

/**
 * Of ways in a crowd the longest at each place stands for all that lie on it.
 * @param {readonly Way[]} ways
 * @returns {Iterable<Way>}
 */
function longest(ways) {
  /** @type {Map<number, Way>} */
  const kept = new Map();
  for (const way of ways) {
    const [x, from, to] = way;
    const place = 4 * Math.floor(x / 2) + Math.sign(to - from);
    const [, start, end] = kept.get(place) ?? [0, 0, 0];
    if (Math.abs(to - from) > Math.abs(end - start)) kept.set(place, way);
  }
  return kept.values();
}

/** The selected item, and the one that the reader points at. @param {Scene} scene */
function chosenItems({ selection, light, run }) {
  const keys = new Set(light.items);
  if (selection?.kind === "item") keys.add(selection.key);
  return [...keys].filter((key) => key < run.items.length);
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

/** @typedef {{ top: number, height: number }} Bed the river's, in pixels */

/**
 * Where a process's items go into the river or come out of it: places at least two pixels apart.
 * @param {Scene} scene
 * @param {Queue} queue
 * @param {Vector<number>} keys
 * @param {(item: Item) => Moment | null} momentOf
 * @returns {number[]}
 */
function waysOf(scene, queue, keys, momentOf) {
  const { items } = scene.run;
  const timeOf = (/** @type {number} */ key) => momentOf(items.at(key))?.t ?? 0;
  const places = [];
  let lastX = -Infinity;
  for (let place = keys.firstNot((key) => timeOf(key) < scene.from); place < keys.length; place += 1) {
    const key = keys.at(place);
    const x = scene.x(timeOf(key));
    if (x > scene.right) break;
    if (x - lastX < 2 || items.at(key).queue !== queue.key) continue;
    lastX = x;
    places.push(x);
  }
  return places;
}

/**
 * From where to where an arrow goes.
 * @param {number} y the middle of the process's lane
 * @param {Bed} bed
 * @param {-1 | 1} direction -1: into the river
 * @returns {[from: number, to: number]}
 */
export function wayBetween(y, { top, height }, direction) {
  const isAbove = y < top;
  const bank = isAbove ? top : top + height;
  const start = isAbove ? y + BAR / 2 : y - BAR / 2;
  return direction < 0 ? [start, bank] : [bank, start];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} from
 * @param {number} to
 */
export function traceArrow(context, x, from, to) {
  const back = Math.sign(from - to) * 5;
  context.moveTo(x, from);
  context.lineTo(x, to);
  context.moveTo(x - 3, to + back);
  context.lineTo(x, to);
  context.lineTo(x + 3, to + back);
}

/**
 * An arrow among so many that its head would only be in the way.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} from
 * @param {number} to
 */
export function traceLine(context, x, from, to) {
  context.moveTo(x, from);
  context.lineTo(x, to);
}

/**
 * The whole way of the selected item: in, along the river, out.
 * @param {Scene} scene
 * @param {Item} item
 * @param {Bed} bed
 */
function paintChosen(scene, { put, got }, bed) {
  const putter = scene.middle(put?.process ?? null);
  const getter = scene.middle(got?.process ?? null);
  const y = bed.top + bed.height / 2;
  const from = scene.x(put?.t ?? scene.from);
  const to = scene.x(got?.t ?? scene.edge);
  scene.surface.stroke(scene.theme.ink, 2, [], (context) => {
    if (putter !== null) traceArrow(context, from, ...wayBetween(putter, bed, -1));
    context.moveTo(from, putter !== null && putter > y ? bed.top + bed.height : bed.top);
    context.lineTo(from, y);
    context.lineTo(to, y);
    if (got) context.lineTo(to, getter !== null && getter < y ? bed.top : bed.top + bed.height);
    if (getter !== null) traceArrow(context, to, ...wayBetween(getter, bed, 1));
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
    const room = Math.min(next, endX(scene, process)) - x - 2;
    const isCrossed = waitsWithin(process, timeOf(item.key), scene.time(x + room));
    paintFlag(scene, process, item, momentOf(item), { x, y, room: isCrossed ? room * BESIDE_WAIT : room });
  }
}

/** @param {Scene} scene @param {Process} process */
function endX(scene, { exited }) {
  return exited ? scene.x(exited.t) : Infinity;
}

/**
 * Whether the process waits in that time: then a flag leaves some of its room to the stripes.
 * @param {Process} process
 * @param {number} from
 * @param {number} to
 */
function waitsWithin({ waits }, from, to) {
  const place = waits.firstNot(({ start }) => start < from);
  return place < waits.length && waits.at(place).start < to;
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {Item} item
 * @param {Moment | null} moment
 * @param {{ x: number, y: number, room: number }} place
 */
function paintFlag(scene, process, item, moment, { x, y, room }) {
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
  /** @type {Selected} */
  const select = { kind: "item", key: item.key };
  const shown = { select, seq: moment?.seq ?? null, start: moment?.t ?? 0, end: null };
  scene.leave({ x: x - 1, y: y - BAR / 2, width, height: BAR }, shown);
}
