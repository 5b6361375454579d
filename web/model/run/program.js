/** What a process writes and tells of itself: output, variables, progress. */

import { Vector } from "../../base/vector.js";
import { changed, keyOf } from "./process.js";

/** @import { OutputLine, Run, Variable } from "../state.js" */
/** @import { EventOf } from "./process.js" */

/**
 * @param {Run} run
 * @param {EventOf<"output">} event
 * @returns {Run}
 */
export function wrote(run, { pid, t, seq, stream, text }) {
  const process = keyOf(run, pid);
  /** @type {OutputLine} */
  const line = { t, seq, process, stream, text };
  const place = run.output.length;
  const written = { ...run, output: run.output.push(line) };
  return changed(written, process, ({ output }) => ({ output: output.push(place) }));
}

/**
 * @param {Run} run
 * @param {EventOf<"variable.set">} event
 * @returns {Run}
 */
export function assigned(run, { pid, t, seq, name, value }) {
  return changed(run, keyOf(run, pid), ({ variables }) => {
    const place = variables.findIndex((variable) => variable.name === name);
    const history = place < 0 ? Vector.empty() : (variables[place]?.history ?? Vector.empty());
    /** @type {Variable} */
    const variable = { name, value, t, seq, history: history.push({ t, seq, value }) };
    return { variables: place < 0 ? [...variables, variable] : replaced(variables, place, variable) };
  });
}

/**
 * @param {readonly Variable[]} variables
 * @param {number} place
 * @param {Variable} variable
 */
function replaced(variables, place, variable) {
  return variables.map((other, at) => (at === place ? variable : other));
}

/**
 * @param {Run} run
 * @param {EventOf<"progress">} event
 * @returns {Run}
 */
export function progressed(run, { pid, done, total }) {
  return changed(run, keyOf(run, pid), () => ({ progress: { done, total } }));
}
