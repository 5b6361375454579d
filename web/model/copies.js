/**
 * Which copy of each variable a process has: after a fork every process has its own, with the value that its parent's had
 * then. Until somebody writes, that is all one can see of it; then the values part.
 */

/** @import { JsonValue } from "../protocol.js" */
/** @import { Process, Run, Variable } from "./state.js" */

/**
 * A variable in one process.
 * @typedef {object} Copy
 * @property {string} name
 * @property {JsonValue} value that it has now
 * @property {Variable | null} inherited as it came from the parent; null where that is not known, or it was made here
 * @property {boolean} isParted whether it was written here since the fork; what was made here is its own
 * @property {Variable} variable that tells the value
 */

/** @typedef {{ process: Process, level: number, copies: readonly Copy[] }} Owner `level` 0: nobody above it has variables */

/**
 * The processes that have variables, parents above children, each with its copies.
 * @param {Run} run
 * @returns {Owner[]}
 */
export function ownersOf(run) {
  /** @type {Map<number, number>} */
  const levels = new Map();
  /** @type {Map<number, Owner[]>} Owners by the family they belong to. */
  const families = new Map();
  for (const process of run.processes) {
    const copies = copiesOf(process);
    if (copies.length === 0) continue;
    const above = process.birthParent === null ? undefined : levels.get(process.birthParent);
    levels.set(process.key, above === undefined ? 0 : above + 1);
    const owner = { process, level: above === undefined ? 0 : above + 1, copies };
    const family = above === undefined ? process.key : rootOf(run, process, levels);
    families.set(family, [...(families.get(family) ?? []), owner]);
  }
  return [...families.values()].flatMap((family) => [...family].sort((a, b) => a.level - b.level || a.process.key - b.process.key));
}

/**
 * The eldest of its ancestors that has variables.
 * @param {Run} run
 * @param {Process} process
 * @param {ReadonlyMap<number, number>} levels
 */
function rootOf(run, process, levels) {
  let { key, birthParent } = process;
  while (birthParent !== null && levels.has(birthParent)) ({ key, birthParent } = run.processes.at(birthParent));
  return key;
}

/**
 * @param {Process} process
 * @returns {Copy[]}
 */
function copiesOf({ variables, inherited }) {
  const untouched = inherited.filter(({ name }) => !variables.some((own) => own.name === name));
  return [
    ...untouched.map((variable) => ({ name: variable.name, value: variable.value, inherited: variable, isParted: false, variable })),
    ...variables.map((variable) => ownCopy(variable, inherited.find(({ name }) => name === variable.name) ?? null)),
  ].sort((a, b) => placeOf(inherited, a.name) - placeOf(inherited, b.name));
}

/**
 * A process may tell a value only because it has looked at it: that parts nothing.
 * @param {Variable} variable
 * @param {Variable | null} inherited
 * @returns {Copy}
 */
function ownCopy(variable, inherited) {
  const isLook = inherited !== null && variable.history.length === 1 && JSON.stringify(variable.value) === JSON.stringify(inherited.value);
  return { name: variable.name, value: variable.value, inherited, isParted: !isLook, variable };
}

/**
 * Variables stay in their parent's order; those made here come after.
 * @param {readonly Variable[]} inherited
 * @param {string} name
 */
function placeOf(inherited, name) {
  const place = inherited.findIndex((variable) => variable.name === name);
  return place < 0 ? inherited.length : place;
}
