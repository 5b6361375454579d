/**
 * What happens in a moment: lines written, variables set, signals. Where there is room the words stand beside the mark;
 * where marks are denser than pixels, one is painted for many.
 */

import { brief } from "../../model/sentence.js";

/** @import { Process } from "../../model/state.js" */
/** @import { ProcessLane } from "./lanes.js" */
/** @import { Scene } from "./scene.js" */

/** Room that words need beside their mark, unless all of them fit. */
const LEAST_WORDS = 64;
/** Signals that are told by what they do: every child's end, and stops, which are hatched. */
const SILENT = ["SIGCHLD", "SIGSTOP", "SIGCONT"];

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
 * A tick each line; the line itself where no bar needs the room.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintOutput(scene, process, y) {
  const { run, theme } = scene;
  const lineAt = (/** @type {number} */ place) => run.output.at(process.output.at(place));
  const first = process.output.firstNot((place) => run.output.at(place).t < scene.from - LEAST_WORDS / scene.scale);
  const isFree = process.tasks.length === 0 && process.puts.length === 0 && process.gets.length === 0;
  paintRow(scene, process, first, process.output.length, (place) => {
    const { t, seq, text, stream } = lineAt(place);
    return { t, seq, words: isFree ? text : "", colour: stream === "stderr" ? theme.bad : scene.colour(process) };
  }, (x, colour) => scene.surface.box(x - 0.75, y + 4, 1.5, 6, 0, colour), y - 9);
}

/**
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintVariables(scene, process, y) {
  for (const { name, history } of process.variables) {
    const first = history.firstNot(({ t }) => t < scene.from);
    paintRow(scene, process, first, history.length, (place) => {
      const { t, seq, value } = history.at(place);
      return { t, seq, words: process.output.length > 0 ? "" : `${name}=${brief(value)}`, colour: scene.colour(process) };
    }, (x, colour) => diamond(scene, x, y, colour), y - 9);
  }
}

/**
 * Signals but `SIGCHLD`, which every child sends its parent.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} y
 */
function paintSignals(scene, process, y) {
  const { theme } = scene;
  const signals = [...process.signals].filter(({ signal }) => signal !== "SIGCHLD");
  const died = process.exited?.signal ?? null;
  paintRow(scene, process, 0, signals.length, (place) => {
    const { t, seq, signal } = /** @type {import("../../model/state.js").Signal} */ (signals[place]);
    return { t, seq, words: signal === died || SILENT.includes(signal) ? "" : signal, colour: theme.bad };
  }, (x, colour) => arrowDown(scene, x, y - 13, colour), y - 11);
}

/**
 * Marks in order of time, each with its words if they fit before the next.
 * @param {Scene} scene
 * @param {Process} process
 * @param {number} first
 * @param {number} count
 * @param {(place: number) => Mark} markAt
 * @param {(x: number, colour: string) => void} paint
 * @param {number} wordsY
 */
function paintRow(scene, process, first, count, markAt, paint, wordsY) {
  const { surface, theme } = scene;
  const font = `10.5px ${theme.sans}`;
  const end = Math.min(scene.right, process.exited ? scene.x(process.exited.t) : Infinity);
  let lastX = -Infinity;
  for (let place = first; place < count; place += 1) {
    const mark = markAt(place);
    const x = scene.x(mark.t);
    if (x > scene.right) break;
    if (x - lastX < 1.5) continue;
    lastX = x;
    paint(x, mark.colour);
    leave(scene, mark, x, wordsY);
    const next = place + 1 < count ? scene.x(markAt(place + 1).t) : end;
    const room = Math.min(next, end) - x - 10;
    if (mark.words !== "" && room >= Math.min(LEAST_WORDS, surface.widthOf(mark.words, font))) {
      surface.write(surface.fitted(mark.words, font, room), x + 4, wordsY, font, theme.dim);
    }
  }
}

/**
 * @param {Scene} scene
 * @param {Mark} mark
 * @param {number} x
 * @param {number} y
 */
function leave(scene, { t, seq }, x, y) {
  scene.leave({
    ...{ x: x - 2, y: y - 5, width: 4, height: 26, select: { kind: "event", key: seq } },
    ...{ seq, start: t, end: null },
  });
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
