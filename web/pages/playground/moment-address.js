/**
 * What of the time stands in an address: `t=1.25-2` is the part in view, `t=1.25` the moment one looks at, `event=17` the
 * selected event, `marks=0.5,1.25` the reader's marks. Times are seconds of the run.
 *
 * @import { Period } from "../../elements/timeline/moments.js"
 */

/** The names of these words. */
export const MOMENT_WORDS = ["t", "event", "marks"];

/** As many marks as anybody needs, and a page can draw. */
export const MARKS_MAX = 50;

const SECONDS = String.raw`\d+(?:\.\d+)?`;
const TIME = new RegExp(`^(${SECONDS})(?:-(${SECONDS}))?$`);
const MARKS = new RegExp(`^${SECONDS}(?:,${SECONDS}){0,${MARKS_MAX - 1}}$`);

/**
 * @typedef {object} Moment
 * @property {Period | null} period the part in view
 * @property {number | null} time the moment one looks at, µs
 * @property {number | null} event `seq` of the selected event
 * @property {readonly number[]} marks µs, in order
 */

/**
 * @param {URLSearchParams} query
 * @returns {{ moment: Moment, wrong: string[] }} `wrong`: the names of words that mean nothing
 */
export function readMoment(query) {
  const [t, event, marks] = MOMENT_WORDS.map((name) => query.get(name));
  const [, from, to] = TIME.exec(t ?? "") ?? [];
  const isPeriod = to !== undefined && Number(to) > Number(from);
  const isTime = from !== undefined && to === undefined;
  const moment = {
    period: isPeriod ? { start: micro(from ?? ""), end: micro(to) } : null,
    time: isTime ? micro(from) : null,
    event: /^[1-9]\d{0,8}$/.test(event ?? "") ? Number(event) : null,
    marks: MARKS.test(marks ?? "") ? [...new Set((marks ?? "").split(",").map(micro))].sort((a, b) => a - b) : [],
  };
  const isWrong = { t: typeof t === "string" && !isPeriod && !isTime, event: typeof event === "string" && moment.event === null, marks: typeof marks === "string" && moment.marks.length === 0 };
  return { moment, wrong: Object.entries(isWrong).filter(([, wrong]) => wrong).map(([name]) => name) };
}

/** @param {string} seconds */
function micro(seconds) {
  return Math.round(Number(seconds) * 1e6);
}

/**
 * The words for a moment; what there is none of is left out.
 * @param {Moment} moment
 * @returns {Record<string, string>}
 */
export function wordsOf({ period, time, event, marks }) {
  /** @type {Record<string, string>} */
  const words = {};
  if (period) words.t = periodWord(period);
  else if (time !== null) words.t = timeWord(time, 6);
  if (event !== null) words.event = String(event);
  if (marks.length > 0) words.marks = marks.map((mark) => timeWord(mark, 6)).join(",");
  return words;
}

/**
 * A part of the time, as fine as a thousandth of it.
 * @param {Period} period
 */
function periodWord({ start, end }) {
  const digits = Math.min(6, Math.max(0, Math.ceil(6 - Math.log10(Math.max(end - start, 1) / 1000))));
  return `${timeWord(Math.max(start, 0), digits)}-${timeWord(end, digits)}`;
}

/** @param {number} t µs @param {number} digits */
function timeWord(t, digits) {
  return String(Number((t / 1e6).toFixed(digits)));
}
