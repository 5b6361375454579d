/**
 * What happens in a moment: lines written, variables set, signals. Where there is room the words stand beside the mark;
 * where marks are denser than pixels, one is painted for many.
 */

import { brief } from "../../model/sentence.js";

/** @import { Process, Signal } from "../../model/state.js" */
/** @import { ProcessLane } from "./lanes.js" */
/** @import { Scene } from "./scene.js" */

/** Room that words need beside their mark, unless all of them fit. */
const LEAST_WORDS = 64;
/** Signals that are told by the stripes of a stop. */
const TOLD = ["SIGSTOP", "SIGCONT"];

/**
 * @typedef {object} Mark
 * @property {number} t
 * @property {number} seq
 * @property {string} words
 * @property {string} colour
 */

/**
 * @param {Scene} scene
 * @param {ProcessLane} lane
 * @param {Process} process
 */
export function paintMarks(scene, lane, process) {
  const y = scene.top(lane) + lane.height / 2;
  paintOutput(scene, process, y);
  paintVariables(scene, process, y);
  paintSignals(scene, process, y);
}

/**
 * Marks of one kind on one lane.
 * @typedef {object} Row
 * @property {number} first place of the first mark in view
 * @property {number} count places in all
 * @property {(place: number) => Mark} markAt in order of time
 * @property {(x: number, colour: string) => void} paint
 * @property {number} wordsY where words stand
 * @property {boolean} [isOverWaits] whether the words may stand over the stripes of a wait
 */

/**
 * A tick each line; the line itself where no bar needs the room.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintOutput(scene, process, y) {
  const { run, theme } = scene;
  const { output, tasks, puts, gets } = process;
  const isFree = tasks.length === 0 && puts.length === 0 && gets.length === 0;
  paintRow(scene, process, {
    first: output.firstNot((place) => run.output.at(place).t < scene.from - LEAST_WORDS / scene.scale),
    count: output.length,
    markAt: (place) => {
      const { t, seq, text, stream } = run.output.at(output.at(place));
      return { t, seq, words: isFree ? text : "", colour: stream === "stderr" ? theme.bad : scene.colour(process) };
    },
    paint: (x, colour) => scene.surface.box(x - 0.75, y + 4, 1.5, 6, 0, colour),
    wordsY: y - 9,
  });
}

/**
 * A diamond each value; the value itself where no output needs the room.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintVariables(scene, process, y) {
  const isFree = process.output.length === 0;
  for (const { name, history } of process.variables) {
    paintRow(scene, process, {
      first: history.firstNot(({ t }) => t < scene.from),
      count: history.length,
      markAt: (place) => {
        const { t, seq, value } = history.at(place);
        return { t, seq, words: isFree ? `${name}=${brief(value)}` : "", colour: scene.colour(process) };
      },
      paint: (x, colour) => diamond(scene, x, y, colour),
      wordsY: y - 9,
    });
  }
}

/**
 * Signals as they arrive, but `SIGCHLD`, which every child sends its parent.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintSignals(scene, process, y) {
  const { theme } = scene;
  const signals = [...process.signals].filter(({ signal }) => signal !== "SIGCHLD");
  const told = [...TOLD, process.exited?.signal];
  paintRow(scene, process, {
    first: 0,
    count: signals.length,
    markAt: (place) => {
      const { t, seq, signal } = /** @type {Signal} */ (signals[place]);
      return { t, seq, words: told.includes(signal) ? "" : signal, colour: theme.bad };
    },
    paint: (x, colour) => arrowDown(scene, x, y - 13, colour),
    wordsY: y - 11,
    isOverWaits: true,
  });
}

/**
 * Each mark with its words, if they fit before the next.
 * @param {Scene} scene
 * @param {Process} process
 * @param {Row} row
 */
function paintRow(scene, process, { first, count, markAt, paint, wordsY, isOverWaits = false }) {
  const { surface, theme } = scene;
  const font = `10.5px ${theme.sans}`;
  const end = Math.min(scene.right, process.exited ? scene.x(process.exited.t) : Infinity);
  let lastX = -Infinity;
  let following = first < count ? markAt(first) : null;
  for (let place = first; following !== null; place += 1) {
    const mark = following;
    following = place + 1 < count ? markAt(place + 1) : null;
    const x = scene.x(mark.t);
    if (x > scene.right) break;
    if (x - lastX < 1.5) continue;
    lastX = x;
    paint(x, mark.colour);
    leave(scene, mark, x, wordsY);
    const next = following === null ? end : scene.x(following.t);
    const free = isOverWaits ? Infinity : scene.x(freeUntil(process, mark.t));
    const room = Math.min(next, end, free) - x - 10;
    if (mark.words !== "" && room >= Math.min(LEAST_WORDS, surface.widthOf(mark.words, font))) {
      surface.write(surface.fitted(mark.words, font, room), x + 4, wordsY, font, theme.dim);
    }
  }
}

/**
 * How long after a moment nothing is striped: words over stripes cannot be read.
 * @param {Process} process
 * @param {number} t µs
 */
function freeUntil({ waits }, t) {
  const next = waits.firstNot(({ start }) => start <= t);
  const now = next > 0 ? waits.at(next - 1) : null;
  if (now && (now.end ?? Infinity) > t) return t;
  return next < waits.length ? waits.at(next).start : Infinity;
}

/**
 * @param {Scene} scene
 * @param {Mark} mark
 * @param {number} x
 * @param {number} y
 */
function leave(scene, { t, seq }, x, y) {
  const box = { x: x - 2, y: y - 5, width: 4, height: 26 };
  scene.leave(box, { select: { kind: "event", key: seq }, seq, start: t, end: null });
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function diamond({ surface: { context } }, x, y, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x + 4, y);
  context.lineTo(x, y + 4);
  context.lineTo(x - 4, y);
  context.fill();
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function arrowDown({ surface: { context } }, x, y, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x - 3.5, y - 3);
  context.lineTo(x + 3.5, y - 3);
  context.lineTo(x, y + 3);
  context.fill();
}
