/**
 * What stands where the picture will be, while there is none: what to do, how long the line is, why it did not begin.
 *
 * @import { Link, Phase } from "../../elements/run-bar.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, write } from "../../elements/dom.js";
import { statusOf } from "../../elements/run-bar.js";
import { EMPTY_RUN } from "../../model/state.js";

/** So many places of a line are drawn at most. */
const LONGEST = 24;

/**
 * @param {HTMLElement} place
 * @param {{ text: TextTable, phase: Phase, link: Link, isEmpty: boolean }} shown
 */
export function showEmptiness(place, { text, phase, link, isEmpty }) {
  place.hidden = !isEmpty;
  if (!isEmpty) return;
  const [title, hint] = place.querySelectorAll("span");
  const [words, more] = wordsOf(text, phase, link);
  if (title) write(title, words);
  if (hint) write(hint, more);
  attribute(place, "data-kind", phase.kind);
  showLine(place, phase.kind === "queued" ? Math.min(phase.position, LONGEST) : 0);
}

/**
 * @param {TextTable} text
 * @param {Phase} phase
 * @param {Link} link
 * @returns {[string, string]} what there is to say, and what may help
 */
function wordsOf(text, phase, link) {
  if (link !== "open" && phase.kind !== "idle" && phase.kind !== "gone") return [say(text, `run.${link}`), say(text, "empty.link")];
  switch (phase.kind) {
    case "starting":
    case "running":
    case "stopping":
      return [say(text, "run.starting"), ""];
    case "queued":
      return [queuedWords(text, phase), say(text, "empty.queued.hint")];
    case "full":
      return [statusOf({ text, phase, link, run: EMPTY_RUN, now: 0 }), say(text, "empty.queued.hint")];
    case "unbegun":
      return [say(text, "run.unbegun"), say(text, "timeline.empty")];
    case "refused":
    case "gone":
      return [phase.message, say(text, "timeline.empty")];
    default:
      return [say(text, "timeline.empty"), say(text, "timeline.keys")];
  }
}

/**
 * @param {TextTable} text
 * @param {{ position: number, eta_s: number }} queued
 */
function queuedWords(text, { position, eta_s }) {
  const key = position > 2 ? "empty.queued" : position === 2 ? "empty.queued.one" : "empty.queued.next";
  return say(text, key, { n: position - 1, eta: eta_s });
}

/**
 * The line of those who wait, one's own place last. For the eye: the words say it too.
 * @param {HTMLElement} place
 * @param {number} length
 */
function showLine(place, length) {
  const line = place.querySelector(".queue-line") ?? h("b", { class: "queue-line", "aria-hidden": "true" });
  if (line.parentElement === null) place.prepend(line);
  if (line.childElementCount !== length) line.replaceChildren(...Array.from({ length }, () => h("i", {})));
}
