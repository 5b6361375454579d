/**
 * A sweep in words, numbers and rows: what the chart, the sentences below it and the table beside it say.
 *
 * @import { JsonValue, Param, Runtime } from "../../protocol.js"
 * @import { Ideal } from "../../protocol.js"
 * @import { Quantity } from "../../model/measures.js"
 * @import { Point, Sample } from "../../model/sweep.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { ChartView } from "./curve-chart.js"
 */

import { duration, memory } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { tidy } from "../../base/ticks.js";
import { bend, idealOf, needsProcessors } from "../../model/bend.js";
import { curveOf, isUnsteady, shapeOf } from "../../model/sweep.js";
import { count } from "../words.js";

/** How far the points of two curves stand apart where values are no numbers, in values. */
const BESIDE = 0.12;

/**
 * What came of a sweep so far.
 * @typedef {object} Result
 * @property {Param} param
 * @property {readonly JsonValue[]} values
 * @property {Ideal | null} ideal
 * @property {readonly Runtime[]} runtimes
 * @property {readonly Sample[]} samples
 */

/** @typedef {{ text: TextTable, lang: "zh" | "en", result: Result, quantity: Quantity }} Told */
/** @typedef {{ runtime: Runtime, points: Point[] }} Curve */

/**
 * One curve a runtime.
 * @param {Told} told
 * @returns {Curve[]} those that have a point
 */
export function curvesOf({ result: { samples, values, runtimes }, quantity }) {
  const curves = runtimes.map((runtime) => ({ runtime, points: curveOf(samples.filter((sample) => sample.runtime === runtime), values, quantity) }));
  return curves.filter(({ points }) => points.length > 0);
}

/**
 * A value of a parameter for people.
 * @param {{ text: TextTable, lang: "zh" | "en" }} reader
 * @param {Param} param
 * @param {JsonValue} value
 * @returns {string}
 */
export function valueLabel({ text, lang }, param, value) {
  if (param.type === "choice") return param.options.find((option) => option.value === value)?.title[lang] ?? String(value);
  if (param.type === "boolean") return say(text, value === true ? "controls.on" : "controls.off");
  return param.type === "number" && param.unit !== "" ? `${value} ${param.unit}` : String(value);
}

/**
 * A measured number for people.
 * @param {Quantity} quantity
 * @param {number} number
 */
export function amount(quantity, number) {
  if (quantity === "processes") return String(number);
  return quantity === "memory" ? memory(Math.round(number)) : duration(number);
}

/**
 * @param {Told} told
 * @returns {ChartView}
 */
export function chartOf(told) {
  const { text, lang, result, quantity } = told;
  const { param, values } = result;
  const curves = curvesOf(told);
  const isNumber = param.type === "integer" || param.type === "number";
  const x = (/** @type {JsonValue} */ value) => (isNumber ? Number(value) : values.indexOf(value));
  const unit = unitOf(quantity, Math.max(0, ...curves.flatMap(({ points }) => points.map(({ most }) => most))));
  const best = idealCurve(told, curves);
  const cpus = result.samples[0]?.facts.cpus ?? 0;
  const isMarked = result.ideal !== null && values.some((value) => Number(value) > cpus) && curves.some(({ points }) => points.some(needsProcessors));
  return {
    label: say(text, "curve.chart", { quantity: say(text, `curve.quantity.${quantity}`), param: param.title[lang] }),
    hint: say(text, "curve.hint"),
    across: {
      title: param.type === "number" && param.unit !== "" ? `${param.title[lang]} (${param.unit})` : param.title[lang],
      ticks: values.map((value) => ({ x: x(value), label: isNumber ? String(value) : valueLabel(told, param, value) })),
      isJoined: isNumber,
    },
    up: { title: unit.name === "" ? say(text, `curve.quantity.${quantity}`) : `${say(text, `curve.quantity.${quantity}`)} (${unit.name})`, divide: unit.divide },
    lines: curves.map(({ runtime, points }, at) => ({
      name: say(text, `runtime.${runtime}`),
      points: points.map((point) => ({ x: x(point.value) + (isNumber ? 0 : BESIDE * (at - (curves.length - 1) / 2)), median: point.median, least: point.least, most: point.most, run: point.run, words: pointWords(told, runtime, point, best) })),
    })),
    ideal: best === null ? null : { name: say(text, "curve.ideal"), at: best },
    mark: isMarked ? { x: cpus, label: count(text, "curve.cpus", { n: cpus }) } : null,
  };
}

/**
 * @param {Told} told
 * @param {readonly Curve[]} curves
 * @returns {((value: number) => number) | null}
 */
function idealCurve({ result, quantity }, curves) {
  const first = curves[0]?.points[0];
  if (result.ideal === null || quantity !== "time" || first === undefined || first.value !== result.values[0] || !(Number(first.value) > 0)) return null;
  return (value) => idealOf(first, value);
}

/**
 * @param {Quantity} quantity
 * @param {number} highest
 * @returns {{ name: string, divide: number }}
 */
function unitOf(quantity, highest) {
  if (quantity === "processes") return { name: "", divide: 1 };
  if (quantity === "memory") return highest >= 1024 ? { name: "MiB", divide: 1024 } : { name: "KiB", divide: 1 };
  return highest >= 1e6 ? { name: "s", divide: 1e6 } : { name: "ms", divide: 1e3 };
}

/**
 * `5 个进程：0.62 s（3 次，0.60 s 到 0.66 s），理想 0.50 s`
 * @param {Told} told
 * @param {Runtime} runtime
 * @param {Point} point
 * @param {((value: number) => number) | null} best
 */
function pointWords({ text, lang, result, quantity }, runtime, point, best) {
  const { param, runtimes } = result;
  const value = say(text, "controls.outline", { title: param.title[lang], value: valueLabel({ text, lang }, param, point.value) });
  const parts = [say(text, "curve.point", { value, quantity: say(text, `curve.quantity.${quantity}`), amount: amount(quantity, point.median) })];
  const n = point.samples.length;
  if (n > 1) parts.push(say(text, "curve.range", { n, least: amount(quantity, point.least), most: amount(quantity, point.most) }));
  if (best !== null) parts.push(say(text, "curve.point.ideal", { amount: amount(quantity, best(Number(point.value))) }));
  if (runtimes.length > 1) parts.unshift(say(text, `runtime.${runtime}`));
  const odd = point.samples.find(({ outcome }) => outcome !== "completed");
  if (odd) parts.push(say(text, `outcome.${odd.outcome}`));
  return parts.join(" · ");
}

/**
 * A finding, and what explains it.
 * @typedef {{ main: string, why: string }} Finding
 */

/**
 * What the curves show: how they run, where and why they leave the ideal, how the runtimes differ.
 * @param {Told} told
 * @returns {Finding[]}
 */
export function sentencesOf(told) {
  const { text, result, quantity } = told;
  const curves = curvesOf(told);
  const isIdeal = result.ideal !== null && quantity === "time";
  const each = curves.flatMap(({ runtime, points }) => {
    const { main, why } = isIdeal && points.length > 2 ? bendWords(told, points) : { main: shapeWords(told, points), why: "" };
    const named = curves.length > 1 ? say(text, "curve.of", { runtime: say(text, `runtime.${runtime}`), sentence: main }) : main;
    return main === "" ? [] : [{ main: named, why }];
  });
  const isNumber = result.param.type === "integer" || result.param.type === "number";
  const unsteady = isNumber && curves.some(({ points }) => isUnsteady(points)) ? [{ main: "", why: say(text, "curve.unsteady") }] : [];
  return [...each, ...twinWords(told, curves).map((main) => ({ main, why: "" })), ...unsteady];
}

/**
 * @param {Told} told
 * @param {readonly Point[]} points
 * @returns {Finding}
 */
function bendWords({ text, lang, result: { param } }, points) {
  const found = bend(points);
  if (found === null) return { main: "", why: "" };
  const label = (/** @type {Point} */ point) => valueLabel({ text, lang }, param, point.value);
  const values = { best: label(found.best), knee: label(found.knee), times: found.times.toFixed(2), ideal: tidy(Number(found.ideal.toFixed(2))) };
  const key = found.follows ? "follows" : found.best === found.first ? "never" : found.knee === found.first ? "early" : "breaks";
  const main = say(text, `curve.bend.${key}`, values);
  const facts = found.best.samples[0]?.facts;
  if (found.why === null || facts === undefined) return { main, why: "" };
  const n = found.why === "tasks" ? facts.tasks : facts.cpus;
  return { main, why: count(text, `curve.why.${found.why}`, { n, time: duration(facts.longest), share: Math.round(found.serial * 100) }) };
}

/**
 * @param {Told} told
 * @param {readonly Point[]} points
 */
function shapeWords({ text, lang, result: { param }, quantity }, points) {
  const shape = shapeOf(points);
  if (shape === null) return "";
  const numbers = points.map(({ median }) => median);
  // Words and switches have no order in which anything could rise.
  const isNumber = param.type === "integer" || param.type === "number";
  return say(text, `curve.shape.${isNumber || shape.kind === "flat" ? shape.kind : "kinds"}`, {
    quantity: say(text, `curve.quantity.${quantity}`),
    at: valueLabel({ text, lang }, param, shape.at.value),
    ...{ from: valueLabel({ text, lang }, param, shape.first.value), to: valueLabel({ text, lang }, param, shape.last.value) },
    ...{ value: amount(quantity, shape.at.median), first: amount(quantity, shape.first.median), last: amount(quantity, shape.last.median) },
    ...{ least: amount(quantity, Math.min(...numbers)), most: amount(quantity, Math.max(...numbers)) },
    ...{ lowest: valueLabel({ text, lang }, param, shape.lowest.value), highest: valueLabel({ text, lang }, param, shape.highest.value) },
  });
}

/**
 * How two runtimes differ at the last value that both have.
 * @param {Told} told
 * @param {readonly Curve[]} curves
 */
function twinWords({ text, lang, result: { param }, quantity }, curves) {
  const [one, two] = curves;
  const last = one?.points.findLast(({ value }) => two?.points.some((point) => point.value === value));
  const other = two?.points.find(({ value }) => value === last?.value);
  if (one === undefined || two === undefined || last === undefined || other === undefined || last.median <= 0 || other.median <= 0) return [];
  const isMore = other.median >= last.median;
  const [more, less] = isMore ? [two, one] : [one, two];
  const times = isMore ? other.median / last.median : last.median / other.median;
  if (times < 1.05) return [];
  return [say(text, "curve.twins", { at: valueLabel({ text, lang }, param, last.value), quantity: say(text, `curve.quantity.${quantity}`), more: say(text, `runtime.${more.runtime}`), less: say(text, `runtime.${less.runtime}`), times: times.toFixed(times < 10 ? 1 : 0) })];
}

/**
 * The table: its head and its rows, for people.
 * @param {Told} told
 * @returns {{ head: string[], rows: { run: string, cells: string[] }[] }}
 */
export function tableOf(told) {
  const { text, lang, result, quantity } = told;
  const curves = curvesOf(told);
  const best = idealCurve(told, curves);
  const head = [result.param.title[lang], ...(curves.length > 1 ? [say(text, "controls.runtime")] : []), say(text, `curve.quantity.${quantity}`), say(text, "curve.least"), say(text, "curve.most"), ...(best ? [say(text, "curve.ideal")] : []), say(text, "curve.runs")];
  const rows = curves.flatMap(({ runtime, points }) =>
    points.map((point) => ({
      run: point.run,
      cells: [
        valueLabel(told, result.param, point.value),
        ...(curves.length > 1 ? [say(text, `runtime.${runtime}`)] : []),
        ...[point.median, point.least, point.most].map((number) => amount(quantity, number)),
        ...(best ? [amount(quantity, best(Number(point.value)))] : []),
        String(point.samples.length),
      ],
    })),
  );
  return { head, rows };
}

/** The columns of the file, in the units of the log. */
const COLUMNS = /** @type {const} */ ([["time_us", "time"], ["cpu_us", "cpu"], ["memory_kib", "memory"], ["processes", "processes"], ["blocked_us", "blocked"]]);

/**
 * Every run as a line of comma-separated values (RFC 4180), with all that was measured.
 * @param {Result} result
 * @returns {string}
 */
export function csvOf({ param, samples }) {
  const head = [param.name, "runtime", ...COLUMNS.map(([name]) => name), "outcome", "run"];
  const rows = samples.map(({ value, runtime, measures, outcome, run }) => [value, runtime, ...COLUMNS.map(([, quantity]) => measures[quantity]), outcome, run]);
  return [head, ...rows].map((row) => `${row.map((cell) => cellOf(String(cell))).join(",")}\r\n`).join("");
}

/** @param {string} text */
function cellOf(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
