/**
 * Pipes on which processes wait for each other: each is at one end, and only the other could go on with it.
 *
 * The log does not say who holds which end. That two are at opposite ends is known once one has received what the other
 * sent. Only waits at pipes make such a ring: whether somebody who waits elsewhere still holds an end is not known.
 */

/** @import { Message, Run } from "../state.js" */
/** @import { Need } from "./needs.js" */

/**
 * What those wait for who are at an end of a pipe, with whom they wait for: another one who is stuck at the other end of it.
 * @param {Run} run
 * @param {readonly Need[]} needs of all who are stuck
 * @returns {Need[]}
 */
export function pipeNeeds(run, needs) {
  const waiting = needs.filter(({ thing }) => thing.kind === "object" && run.objects.at(thing.key).kind === "pipe");
  if (waiting.length < 2) return [];
  return waiting.flatMap((need) => {
    const others = waiting.filter((other) => pipeOf(run, other) === pipeOf(run, need) && other.process !== need.process);
    const whom = others.filter((other) => areOpposite(run, pipeOf(run, need), need.process, other.process)).map(({ process }) => process);
    return whom.length === 0 ? [] : [{ ...need, ender: /** @type {const} */ ("these"), whom }];
  });
}

/**
 * Whether a process waits for somebody to take what it sends; else it waits for something to receive.
 * @param {Run} run
 * @param {Need} need at a pipe
 */
export function isSending(run, need) {
  const pipe = pipeOf(run, need);
  return [...run.messages].some((message) => message.pipe === pipe && message.received === null && message.sent?.process === need.process);
}

/**
 * The id of the pipe that is waited at.
 * @param {Run} run
 * @param {Need} need
 */
function pipeOf(run, { thing }) {
  return thing.kind === "object" ? run.objects.at(thing.key).id : null;
}

/**
 * @param {Run} run
 * @param {number | null} pipe
 * @param {number} one
 * @param {number} other
 */
function areOpposite(run, pipe, one, other) {
  return [...run.messages].some((message) => message.pipe === pipe && (isFrom(message, one, other) || isFrom(message, other, one)));
}

/**
 * @param {Message} message
 * @param {number} sender
 * @param {number} receiver
 */
function isFrom({ sent, received }, sender, receiver) {
  return sent?.process === sender && received?.process === receiver;
}
