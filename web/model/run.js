/**
 * The one place that gives events a meaning on the page.
 *
 * A run is an append-only log; {@link applyEvent} makes the next state from a state and an event, without changing
 * either. Live view, late join, replay and tests fold the same lines through it. The folder `run/` holds its parts, one
 * subject each; what a state is made of is told in `state.js`.
 *
 * An event of a kind from a newer server is counted and otherwise ignored; a valid log never throws.
 */

import { unreachable } from "../base/unreachable.js";
import { EMPTY_RUN } from "./state.js";
import { drafting, renewed } from "./run/draft.js";
import * as pipe from "./run/pipe.js";
import * as process from "./run/process.js";
import * as program from "./run/program.js";
import * as queue from "./run/queue.js";
import * as sync from "./run/sync.js";
import * as task from "./run/task.js";
import * as whole from "./run/whole.js";

/** @import { Event } from "../protocol.js" */
/** @import { Run } from "./state.js" */

/**
 * The state after an event.
 * @param {Run} run the state before it
 * @param {Event} event the next line of the log
 * @returns {Run}
 */
export function applyEvent(run, event) {
  // Asked of the state before the event.
  const isNews = process.isNews(run, event);
  return process.touched(interpret(renewed(run, { seq: event.seq, t: event.t }), event), event, isNews);
}

/**
 * The state after several events; those between are seen by nobody and need not be kept apart.
 * @param {Run} run
 * @param {Iterable<Event>} events
 * @returns {Run}
 */
export function applyEvents(run, events) {
  return drafting(() => {
    let state = run;
    for (const event of events) state = applyEvent(state, event);
    return state;
  });
}

/**
 * The state after a whole log.
 * @param {Iterable<Event>} events
 * @returns {Run}
 */
export function foldLog(events) {
  return applyEvents(EMPTY_RUN, events);
}

/**
 * @param {Run} run
 * @param {Event} event
 * @returns {Run}
 */
function interpret(run, event) {
  switch (event.type) {
    case "run.started":
      return whole.started(run, event);
    case "run.truncated":
      return whole.truncated(run, event);
    case "run.finished":
      return whole.finished(run, event);
    case "message.rejected":
      return whole.rejected(run);
    case "process.started":
      return process.started(run, event);
    case "process.exec":
      return process.executed(run, event);
    case "process.named":
      return process.named(run, event);
    case "process.stopped":
      return process.stopped(run, event);
    case "process.continued":
      return process.continued(run, event);
    case "process.signaled":
      return process.signaled(run, event);
    case "process.exited":
      return process.exited(task.lostBy(queue.leftBy(sync.leftBy(run, event), event), event), event);
    case "process.zombie":
      return process.zombie(run, event);
    case "process.reaped":
      return process.reaped(run, event);
    case "process.reparented":
      return process.reparented(run, event);
    case "process.sampled":
      return process.sampled(run, event);
    case "output":
      return program.wrote(run, event);
    case "line.reached":
      return run;
    case "variable.set":
      return program.assigned(run, event);
    case "progress":
      return program.progressed(run, event);
    case "task.submitted":
      return task.submitted(run, event);
    case "task.started":
      return task.started(run, event);
    case "task.finished":
      return task.finished(run, event);
    case "task.failed":
      return task.failed(run, event);
    case "task.callback":
      return task.calledBack(run, event);
    case "queue.created":
      return queue.created(run, event);
    case "queue.put":
      return queue.put(run, event);
    case "queue.get":
      return queue.got(run, event);
    case "queue.blocked":
      return queue.blocked(run, event);
    case "queue.unblocked":
      return queue.unblocked(run, event, "done");
    case "queue.timeout":
      return queue.unblocked(run, event, "timeout");
    case "pipe.sent":
      return pipe.sent(run, event);
    case "pipe.received":
      return pipe.received(run, event);
    case "sync.waiting":
      return sync.waiting(run, event);
    case "sync.acquired":
      return sync.acquired(run, event);
    case "sync.released":
      return sync.released(run, event);
    case "sync.timeout":
      return sync.timeout(run, event);
    default:
      unreachable(event);
      return whole.unknown(run);
  }
}
