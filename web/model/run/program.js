/** What a process writes and tells of itself: output, variables, progress. */

import { Vector } from "../../base/vector.js";
import { renewed } from "./draft.js";
import { changed, keyOf } from "./process.js";

/** @import { OutputLine, Run, SharedVariable, Variable } from "../state.js" */
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
  const written = renewed(run, { output: run.output.push(line) });
  return changed(written, process, ({ output }) => ({ output: output.push(place) }));
}

/**
 * A variable is the process's own, or lies in shared memory and is everybody's.
 * @param {Run} run
 * @param {EventOf<"variable.set">} event
 * @returns {Run}
 */
export function assigned(run, event) {
  return event.shared === undefined ? ownAssigned(run, event) : sharedAssigned(run, event, event.shared);
}

/**
 * @param {Run} run
 * @param {EventOf<"variable.set">} event
 * @param {number} id of the shared memory
 * @returns {Run}
 */
function sharedAssigned(run, { pid, t, seq, name, value }, id) {
  const known = run.index.shared.get(id);
  const key = known ?? run.shared.length;
  const history = known === undefined ? Vector.empty() : run.shared.at(known).history;
  const process = keyOf(run, pid);
  /** @type {SharedVariable} */
  const variable = { key, id, name, value, t, seq, process, history: history.push({ t, seq, value, process }) };
  if (known !== undefined) return { ...run, shared: run.shared.with(key, variable) };
  return { ...run, shared: run.shared.push(variable), index: { ...run.index, shared: run.index.shared.set(id, key) } };
}

/**
 * @param {Run} run
 * @param {EventOf<"variable.set">} event
 * @returns {Run}
 */
function ownAssigned(run, { pid, t, seq, name, value }) {
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
