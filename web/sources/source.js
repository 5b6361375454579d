/**
 * What live and recorded runs have in common: whoever opens a source gives it a {@link Receiver} and is told.
 *
 * @typedef {object} Receiver
 * @property {(events: readonly Event[]) => void} events the next events, in order, without gap or repetition
 * @property {(status: Status) => void} status how the connection is
 * @property {(problem: Problem) => void} problem what went wrong without a request, with a sentence for the reader
 * @property {(queued: Queued | null) => void} [queued] the run waits for a place; null: no longer
 * @property {(kept: Kept) => void} [kept] what became of the recording, before the last event
 *
 * `idle`: nothing to do; `connecting`: the first time; `online`; `offline`: the connection broke and is tried again;
 * `ended`: all events are there.
 * @typedef {"idle" | "connecting" | "online" | "offline" | "ended"} Status
 *
 * @typedef {object} Source
 * @property {() => void} close lets go; the receiver is told nothing more
 */

/** @import { Event, Kept, Problem, Queued } from "../protocol.js" */

/** Something the server refused or that could not be asked; `problem.message` is a sentence for the reader. */
export class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.name = "Refusal";
    /** @type {Problem} */
    this.problem = problem;
  }
}
