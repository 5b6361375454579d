/**
 * The keys of signals on a timeline, for the process that is selected there; in the tree they are the tree's own.
 *
 * The timeline itself has no use for them, so they rise from it as any key does.
 *
 * @import { VisitorSignal } from "../../protocol.js"
 */

import { SIGNALS } from "../../elements/signals.js";

/**
 * The signal that a key on a timeline asks for.
 * @param {KeyboardEvent} event
 * @returns {VisitorSignal | null}
 */
export function signalOfKey({ target, code, ctrlKey, metaKey, altKey, repeat }) {
  if (ctrlKey || metaKey || altKey || repeat) return null;
  if (!(target instanceof Element) || target.closest("process-timeline") === null) return null;
  return SIGNALS.find(({ key }) => key === code)?.signal ?? null;
}
