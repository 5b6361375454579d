/**
 * Pipes on which processes wait for each other: each is at one end, and only the other could go on with it.
 *
 * The log does not say who holds which end. That two are at opposite ends is known once one has received what the other
 * sent; or when both wait to be rid of what they sent and nobody else is alive: the kernel lets nobody wait so at a pipe
 * whose other end is closed, so one of the two holds it. Only waits at pipes make such a ring: whether somebody who waits
 * elsewhere still holds an end is not known.
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
    const whom = others.filter((other) => areOpposite(run, need, other)).map(({ process }) => process);
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
 * @param {Need} one
 * @param {Need} other at the same pipe
 */
function areOpposite(run, one, other) {
  const pipe = pipeOf(run, one);
  const haveMet = [...run.messages].some((message) => message.pipe === pipe && (isFrom(message, one.process, other.process) || isFrom(message, other.process, one.process)));
  return haveMet || (isSending(run, one) && isSending(run, other) && areAlone(run));
}

/**
 * Whether only two processes live.
 * @param {Run} run
 */
function areAlone({ processes }) {
  return [...processes].filter(({ exited }) => exited === null).length === 2;
}

/**
 * @param {Message} message
 * @param {number} sender
 * @param {number} receiver
 */
function isFrom({ sent, received }, sender, receiver) {
  return sent?.process === sender && received?.process === receiver;
}
