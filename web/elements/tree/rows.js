/**
 * Which rows the tree has: parents above children in order of birth. Where an orphan went away from, a ghost stays as
 * long as its first parent has a row, so that one sees who lost it.
 *
 * @import { Process, Run } from "../../model/state.js"
 */

/** The row of the supervisor. */
export const ROOT = -1;

/**
 * @typedef {object} Row
 * @property {number} key of the process, or {@link ROOT}
 * @property {number} level 1 is the root
 * @property {Process | null} process null: the supervisor
 * @property {number} below how many are below it
 * @property {number} place among its siblings, from 1
 * @property {number} siblings how many they are, with itself
 * @property {boolean} isGhost a process that lives on below another parent
 */

/**
 * @param {Run} run
 * @param {ReadonlySet<number>} folded
 * @returns {Row[]}
 */
export function rowsOf(run, folded) {
  const lost = ghosts(run);
  /** @type {Row[]} */
  const rows = [];
  const walk = (/** @type {readonly number[]} */ keys, /** @type {number} */ level, /** @type {boolean} */ isShown) => {
    let sum = keys.length;
    for (const [index, key] of keys.entries()) {
      const process = run.processes.at(key);
      /** @type {Row} */
      const row = { key, level, process, below: 0, place: index + 1, siblings: keys.length, isGhost: false };
      if (isShown) rows.push(row);
      const isOpen = isShown && !folded.has(key);
      row.below = walk(process.children, level + 1, isOpen);
      if (isOpen) for (const ghost of lost.get(key) ?? []) rows.push({ ...row, key: ghost.key, process: ghost, level: level + 1, below: 0, isGhost: true });
      sum += row.below;
    }
    return sum;
  };
  /** @type {Row} */
  const root = { key: ROOT, level: 1, process: null, below: 0, place: 1, siblings: 1, isGhost: false };
  rows.push(root);
  root.below = walk(run.roots, 2, !folded.has(ROOT));
  return rows;
}

/**
 * Adopted processes by their first parent.
 * @param {Run} run
 * @returns {Map<number, Process[]>}
 */
function ghosts({ processes }) {
  /** @type {Map<number, Process[]>} */
  const lost = new Map();
  for (const process of processes) {
    const { birthParent, parent } = process;
    if (birthParent === null || birthParent === parent) continue;
    lost.set(birthParent, [...(lost.get(birthParent) ?? []), process]);
  }
  return lost;
}

/**
 * What a process and all below it have used and written.
 * @param {Run} run
 * @param {number} key
 * @returns {{ processes: number, cpu_us: number, rss_kib: number, lines: number }}
 */
export function sumsOf(run, key) {
  const sums = { processes: 0, cpu_us: 0, rss_kib: 0, lines: 0 };
  const add = (/** @type {number} */ one) => {
    const { zombie, sample, children, output } = run.processes.at(one);
    sums.processes += 1;
    sums.cpu_us += zombie ? zombie.user_us + zombie.sys_us : (sample?.cpu_us ?? 0);
    sums.rss_kib += zombie ? 0 : (sample?.rss_kib ?? 0);
    sums.lines += output.length;
    children.forEach(add);
  };
  if (key === ROOT) run.roots.forEach(add);
  else add(key);
  return sums;
}
