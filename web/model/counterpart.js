/**
 * The same process in another run of a program: of the same name, as far as it has one; else the same in order of birth,
 * if it has the same part in the program. Numbers that the kernel gives say nothing here.
 */

/** @import { Process, Run } from "./state.js" */

/**
 * @param {Process} process
 * @param {Run} run the one it is of
 * @param {Run} other the one to look in
 * @returns {Process | null}
 */
export function counterpart(process, run, other) {
  const place = namesakes(run, process).findIndex(({ key }) => key === process.key);
  const named = process.name === null ? undefined : namesakes(other, process)[place];
  if (named) return named;
  const born = process.key < other.processes.length ? other.processes.at(process.key) : null;
  return born?.role === process.role ? born : null;
}

/**
 * @param {Run} run
 * @param {Process} process
 */
function namesakes(run, { name }) {
  return [...run.processes].filter((one) => one.name === name);
}
