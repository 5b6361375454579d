/**
 * What a run took, in numbers that can be held against those of other runs, and what of it explains them.
 *
 * All is found from the state after the last event; nothing here knows a scenario.
 */

/** @import { JsonValue } from "../protocol.js" */
/** @import { Process, Run } from "./state.js" */

/**
 * What can be measured. `time`: from the first process to the end; `cpu`: processor time of all processes; `memory`: the
 * peaks of all processes, added up (what they share counts for each); `processes`: how many there were; `blocked`: how
 * long they waited at queues, locks and the like, added up. Times in µs, memory in KiB.
 * @typedef {"time" | "cpu" | "memory" | "processes" | "blocked"} Quantity
 */

/** @typedef {Record<Quantity, number>} Measures */

/**
 * What may explain a time: how many tasks there were and how long they took, in µs, and the machine's processors.
 * @typedef {{ cpus: number, tasks: number, longest: number, work: number }} Facts
 */

/** @type {readonly Quantity[]} */
export const QUANTITIES = ["time", "cpu", "memory", "processes", "blocked"];

/**
 * @param {Run} run after its last event
 * @returns {Measures}
 */
export function measure(run) {
  const processes = [...run.processes];
  const end = run.finish?.t ?? run.t;
  return {
    time: run.finish?.duration_us ?? run.t,
    cpu: sum(processes.map(cpuOf)),
    memory: sum(processes.map((process) => process.zombie?.max_rss_kib ?? process.sample?.rss_kib ?? 0)),
    processes: run.meter.started,
    blocked: sum(processes.flatMap(({ waits, exited }) => [...waits].map((wait) => (wait.end ?? exited?.t ?? end) - wait.start))),
  };
}

/**
 * @param {Run} run after its last event
 * @returns {Facts}
 */
export function factsOf(run) {
  const times = [...run.tasks].flatMap(({ started, ended }) => (started && ended ? [ended.t - started.t] : []));
  return { cpus: run.head?.host.cpus ?? 0, tasks: times.length, longest: Math.max(0, ...times), work: sum(times) };
}

/**
 * The last value of a variable, whoever has it.
 * @param {Run} run
 * @param {string} name
 * @returns {JsonValue | undefined}
 */
export function lastValue(run, name) {
  const all = [...run.shared, ...[...run.processes].flatMap(({ variables }) => variables)];
  return all.filter((variable) => variable.name === name).sort((a, b) => a.seq - b.seq).at(-1)?.value;
}

/** @param {Process} process */
function cpuOf({ zombie, samples }) {
  return zombie ? zombie.user_us + zombie.sys_us : (samples.last?.cpu_us ?? 0);
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
