/** Pipes: the messages that went through them, and who sent and received them. */

import { NumberMap } from "../../base/number-map.js";
import { moment } from "../state.js";
import { keyOf } from "./process.js";

/** @import { Message, Pipe, Run } from "../state.js" */
/** @import { EventOf } from "./process.js" */

/**
 * @param {Run} run
 * @param {EventOf<"pipe.sent">} event
 * @returns {Run}
 */
export function sent(run, event) {
  const { pipe, item: id, bytes } = event;
  const by = keyOf(run, event.pid);
  const key = run.messages.length;
  const items = (run.index.message.get(pipe) ?? NumberMap.empty()).set(id, key);
  /** @type {Message} */
  const message = { pipe, id, bytes, sent: moment(event, by), received: null };
  const index = { ...run.index, message: run.index.message.set(pipe, items) };
  return counted({ ...run, messages: run.messages.push(message), index }, pipe, "sent", "senders", by);
}

/**
 * @param {Run} run
 * @param {EventOf<"pipe.received">} event
 * @returns {Run}
 */
export function received(run, event) {
  const { pipe, item: id, bytes } = event;
  const by = keyOf(run, event.pid);
  const key = run.index.message.get(pipe)?.get(id);
  const arrival = moment(event, by);
  const messages = key === undefined
    ? run.messages.push({ pipe, id, bytes, sent: null, received: arrival })
    : run.messages.with(key, { ...run.messages.at(key), received: arrival });
  return counted({ ...run, messages }, pipe, "received", "receivers", by);
}

/**
 * The run with one message more at an end of a pipe.
 * @param {Run} run
 * @param {number} id
 * @param {"sent" | "received"} what
 * @param {"senders" | "receivers"} who
 * @param {number | null} by
 * @returns {Run}
 */
function counted(run, id, what, who, by) {
  const [known, key] = mentioned(run, id);
  const pipe = known.pipes.at(key);
  const users = by === null || pipe[who].includes(by) ? pipe[who] : [...pipe[who], by];
  return { ...known, pipes: known.pipes.with(key, { ...pipe, [what]: pipe[what] + 1, [who]: users }) };
}

/**
 * The run with the pipe in it, and the pipe's key.
 * @param {Run} run
 * @param {number} id
 * @returns {[Run, number]}
 */
function mentioned(run, id) {
  const known = run.index.pipe.get(id);
  if (known !== undefined) return [run, known];
  const key = run.pipes.length;
  /** @type {Pipe} */
  const pipe = { key, id, sent: 0, received: 0, senders: [], receivers: [] };
  return [{ ...run, pipes: run.pipes.push(pipe), index: { ...run.index, pipe: run.index.pipe.set(id, key) } }, key];
}
