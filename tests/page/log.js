/** Writes logs by hand, as short as tests need them: `seq` counts itself, time is in milliseconds. */

import { Vector } from "../../web/base/vector.js";

/** @import { Event } from "../../web/protocol.js" */

/** The supervisor's pid in every log made here. */
export const SUPERVISOR = 100;

export class Log {
  /** @type {Event[]} */
  events = [];

  /** @param {Record<string, unknown>} [head] fields of `run.started` that differ */
  constructor(head = {}) {
    this.add(0, "run.started", undefined, {
      ...{ version: 1, run: "r", scenario: "pool", runtime: "rust", params: {}, seed: 7, supervisor: SUPERVISOR },
      ...{ observer: "exact", host: { os: "Linux", kernel: "6", cpus: 2 }, sandbox: {}, limits: {} },
      ...head,
    });
  }

  /**
   * @param {number} ms
   * @param {Event["type"]} type
   * @param {number} [pid]
   * @param {Record<string, unknown>} [fields]
   * @returns {this}
   */
  add(ms, type, pid, fields = {}) {
    const event = { seq: this.events.length + 1, t: Math.round(ms * 1000), type, ...(pid ? { pid } : {}), ...fields };
    this.events.push(/** @type {Event} */ (/** @type {unknown} */ (event)));
    return this;
  }

  /**
   * A process is born and says its name.
   * @param {number} ms
   * @param {number} pid
   * @param {number} ppid
   * @param {string} [name]
   */
  born(ms, pid, ppid, name) {
    this.add(ms, "process.started", pid, { ppid, how: ppid === SUPERVISOR ? "spawn" : "fork" });
    return name ? this.add(ms, "process.named", pid, { name, role: "process" }) : this;
  }

  /**
   * A process exits, is a zombie and is reaped.
   * @param {number} ms
   * @param {number} pid
   * @param {number} by
   * @param {number | string} [end] code or signal
   */
  dead(ms, pid, by, end = 0) {
    this.add(ms, "process.exited", pid, typeof end === "number" ? { code: end } : { signal: end });
    this.add(ms, "process.zombie", pid, { user_us: 900, sys_us: 100, max_rss_kib: 2000 });
    return this.add(ms, "process.reaped", pid, { by });
  }
}

/**
 * A state as plain arrays and objects, to compare whole states by value.
 * @param {unknown} state
 * @returns {unknown}
 */
export function plain(state) {
  return JSON.parse(JSON.stringify(state, (_, value) => (value instanceof Vector ? [...value] : value)));
}
