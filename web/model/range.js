/**
 * What happened in a part of a run's time, as sums: for the selection of a range in the timeline.
 *
 * Processor time is known at the sampler's looks and at the end of a process; between two of them it is taken to have
 * been used evenly.
 */

/** @import { Event } from "../protocol.js" */
/** @import { Process, Run } from "./state.js" */

/**
 * @typedef {object} Share what one process did in that time
 * @property {Process} process
 * @property {number} cpu µs
 * @property {number} blocked µs in which it waited for a queue, a lock or the like, or was stopped
 */

/**
 * @typedef {object} Sums
 * @property {number} events
 * @property {number} lines of output
 * @property {number} tasks that ended
 * @property {number} puts items
 * @property {number} gets items
 * @property {readonly Share[]} shares of those who were alive, in order of birth
 */

/**
 * @param {Run} run the latest state
 * @param {readonly Event[]} events all of the run
 * @param {{ start: number, end: number }} range µs, both ends in it
 * @returns {Sums}
 */
export function sumsOf(run, events, { start, end }) {
  const within = (/** @type {{ t: number } | null} */ moment) => moment !== null && moment.t >= start && moment.t <= end;
  const sums = { events: until(events, end) - before(events, start), lines: 0, tasks: 0, puts: 0, gets: 0 };
  sums.lines = run.output.firstNot(({ t }) => t <= end) - run.output.firstNot(({ t }) => t < start);
  for (const { ended } of run.tasks) if (within(ended)) sums.tasks += 1;
  for (const { put, got } of run.items) {
    if (within(put)) sums.puts += 1;
    if (within(got)) sums.gets += 1;
  }
  const alive = [...run.processes].filter(({ started, exited }) => started.t <= end && (exited?.t ?? Infinity) >= start);
  return { ...sums, shares: alive.map((process) => shareOf(process, start, end)) };
}

/**
 * @param {Process} process
 * @param {number} start
 * @param {number} end
 * @returns {Share}
 */
function shareOf(process, start, end) {
  return { process, cpu: Math.max(0, cpuUntil(process, end) - cpuUntil(process, start)), blocked: blockedIn(process, start, end) };
}

/**
 * The processor time a process had used at a moment, µs.
 * @param {Process} process
 * @param {number} t
 */
function cpuUntil({ started, samples, exited, zombie }, t) {
  if (t <= started.t) return 0;
  const place = samples.firstNot((sample) => sample.t <= t);
  const before = place > 0 ? samples.at(place - 1) : { t: started.t, cpu_us: 0 };
  const last = exited && zombie ? { t: exited.t, cpu_us: zombie.user_us + zombie.sys_us } : null;
  const after = place < samples.length ? samples.at(place) : last;
  if (after === null || after.cpu_us <= before.cpu_us) return before.cpu_us;
  const part = Math.min((t - before.t) / Math.max(after.t - before.t, 1), 1);
  return before.cpu_us + (after.cpu_us - before.cpu_us) * part;
}

/**
 * @param {Process} process
 * @param {number} start
 * @param {number} end
 */
function blockedIn({ waits, stops, exited }, start, end) {
  const last = Math.min(end, exited?.t ?? end);
  /** @type {{ start: number, end: number | null }[]} */
  const spans = [...waits, ...stops].sort((one, other) => one.start - other.start);
  let [sum, reached] = [0, start];
  for (const span of spans) {
    const [from, to] = [Math.max(span.start, reached), Math.min(span.end ?? last, last)];
    if (to <= from) continue;
    sum += to - from;
    reached = to;
  }
  return sum;
}

/** How many events are earlier. @param {readonly Event[]} events @param {number} t */
function before(events, t) {
  return until(events, t - 1);
}

/** How many events are not later. @param {readonly Event[]} events @param {number} t */
function until(events, t) {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (/** @type {Event} */ (events[middle]).t <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
