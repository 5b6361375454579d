/**
 * Who waits for whom, and who waits for ever: told from the log alone, for any program.
 *
 * How it works: `waits/needs.js` says of each process what it waits for and who could end that. All that sleep until
 * another process acts are suspected; then everybody is acquitted for whom somebody could still do it who is not
 * suspected himself (he runs, sleeps for a while, has a timeout, or was stopped and may be continued). Who is left can
 * never go on: each waits only for others that are left, or for the dead. A suspicion needs some stillness, for a wait
 * and its end are not seen in the same instant.
 *
 * What it cannot know: a second thread of a process that sleeps by a clock and then acts. A visitor's signal can end
 * any wait; that is not counted as hope.
 */

import { needsOf, sleepsForOthers } from "./waits/needs.js";
import { pipeNeeds } from "./waits/pipes.js";

/** @import { Process, Run } from "./state.js" */
/** @import { Need } from "./waits/needs.js" */

/**
 * Processes that can never go on, by what holds them. `deadlock`: each waits for the next, and the last for the first;
 * `lost`: what they wait for went down with a dead process; `abandoned`: nobody is left who could do what they wait for.
 * @typedef {object} Finding
 * @property {"deadlock" | "lost" | "abandoned"} kind
 * @property {readonly Need[]} needs what holds them; of a deadlock in the order of its ring
 * @property {readonly Need[]} followers the waits of those who wait for them in turn
 * @property {readonly number[]} tasks keys of the tasks that were lost, where workers of a pool are waited for
 * @property {number} since from when on nothing could help, µs of the run
 */

/** How long all who are suspected must have been still, in µs: some looks of the sampler, which looks ten times a second. */
const STILL_US = 400_000;

/**
 * The processes that wait for ever at a moment of the run, and why.
 * @param {Run} run the state at that moment
 * @param {number} now µs of the run
 * @returns {Finding[]}
 */
export function stuck(run, now) {
  const living = [...run.processes].filter(({ exited }) => exited === null);
  /** @type {Map<number, Need[]>} */
  const suspects = new Map();
  for (const process of living) {
    if (sleepsForOthers(process) && now - process.heard >= STILL_US) suspects.set(process.key, needsOf(run, process));
  }
  acquit(suspects, living);
  return findings(run, [...suspects.values()].flat());
}

/**
 * Takes from the suspects all for whom there is hope, until there are no more of them.
 * @param {Map<number, Need[]>} suspects
 * @param {readonly Process[]} living
 */
function acquit(suspects, living) {
  for (let before = -1; before !== suspects.size; ) {
    before = suspects.size;
    const free = living.filter(({ key }) => !suspects.has(key)).map(({ key }) => key);
    for (const [key, needs] of suspects) {
      if (needs.some((need) => hasHope(need, suspects, free))) suspects.delete(key);
    }
  }
}

/**
 * @param {Need} need
 * @param {ReadonlyMap<number, unknown>} suspects
 * @param {readonly number[]} free keys of the living who are no suspects
 */
function hasHope({ ender, whom }, suspects, free) {
  if (ender === "nobody") return false;
  if (ender === "these") return whom.some((key) => !suspects.has(key));
  return ender === "itself" || free.length > 0;
}

/**
 * @param {Run} run
 * @param {readonly Need[]} needs of all who are stuck
 * @returns {Finding[]}
 */
function findings(run, needs) {
  const ringed = [...rings(needs), ...rings(pipeNeeds(run, needs))];
  /** @type {Finding[]} */
  const found = ringed.map((ring) => ({ kind: "deadlock", needs: ring, followers: [], tasks: [], since: latest(ring) }));
  const inRings = new Set(ringed.flat().map(({ process }) => process));
  const lost = needs.filter(({ ender }) => ender === "nobody");
  for (const need of lost) found.push({ kind: "lost", needs: [need], followers: [], tasks: [], since: Math.max(need.since, deathOf(run, need)) });
  const abandoned = needs.filter(({ ender, process }) => ender === "anyone" && !inRings.has(process));
  const told = abandoned.filter(({ thing }) => thing.kind !== "kernel");
  // Who waits for nothing that the program named is worth a word only if somebody waits for him.
  const named = told.length > 0 ? told : abandoned.filter(({ process }) => needs.some(({ whom }) => whom.includes(process)));
  if (named.length > 0) found.push({ kind: "abandoned", needs: named, followers: [], tasks: lostTasks(run, named), since: latest(named) });
  return withFollowers(found, needs);
}

/**
 * The tasks that were lost, if it is idle workers that somebody waits for: a pool ends only when all tasks have results.
 * @param {Run} run
 * @param {readonly Need[]} needs
 */
function lostTasks(run, needs) {
  if (!needs.some(({ process }) => run.processes.at(process).role === "pool-worker")) return [];
  return [...run.tasks].filter(({ state }) => state === "lost").map(({ key }) => key);
}

/** @param {readonly Need[]} needs */
function latest(needs) {
  return Math.max(...needs.map(({ since }) => since));
}

/**
 * @param {Run} run
 * @param {Need} need
 */
function deathOf(run, { whom }) {
  return Math.max(0, ...whom.map((key) => run.processes.at(key).exited?.t ?? 0));
}

/**
 * The rings of needs in which each waits for the next.
 * @param {readonly Need[]} needs
 * @returns {Need[][]}
 */
function rings(needs) {
  const next = new Map(needs.filter(({ ender }) => ender === "these").map((need) => [need.process, need]));
  /** @type {Set<number>} */
  const seen = new Set();
  /** @type {Need[][]} */
  const found = [];
  for (const start of next.keys()) {
    /** @type {Need[]} */
    const path = [];
    let at = next.get(start);
    while (at && !seen.has(at.process)) {
      seen.add(at.process);
      path.push(at);
      at = next.get(at.whom[0] ?? -1);
    }
    const first = path.findIndex(({ process }) => process === at?.process);
    if (first >= 0) found.push(path.slice(first));
  }
  return found;
}

/**
 * Who waits for those that were found, and for these in turn.
 * @param {readonly Finding[]} found
 * @param {readonly Need[]} needs
 * @returns {Finding[]}
 */
function withFollowers(found, needs) {
  const told = new Set(found.flatMap((finding) => finding.needs));
  return found.map((finding) => {
    /** @type {Need[]} */
    const followers = [];
    const held = new Set(finding.needs.map(({ process }) => process));
    for (let before = -1; before !== held.size; ) {
      before = held.size;
      for (const need of needs) {
        if (told.has(need) || !need.whom.some((key) => held.has(key))) continue;
        told.add(need);
        held.add(need.process);
        followers.push(need);
      }
    }
    return { ...finding, followers };
  });
}
