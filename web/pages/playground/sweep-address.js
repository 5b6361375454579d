/**
 * What the address says of a sweep: `range.of`, `range.from`, `range.to`, `range.step`, `range.repeats`, `range.with`
 * (languages, joined by a point) and `range.by` (what is measured).
 *
 * @import { Card, Param, Runtime } from "../../protocol.js"
 * @import { Quantity } from "../../model/measures.js"
 * @import { Plan } from "../../elements/experiments/sweep-form.js"
 */

import { REPEATS, canSweep } from "../../elements/experiments/sweep-form.js";
import { QUANTITIES } from "../../model/measures.js";
import { rangeOf } from "../../model/sweep.js";

/**
 * @param {Plan} plan
 * @param {Quantity} quantity
 * @param {Param | undefined} param
 * @returns {Record<string, string>}
 */
export function sweepWords({ parameter, range, repeats, runtimes }, quantity, param) {
  const isNumber = param?.type === "integer" || param?.type === "number";
  /** @type {Record<string, string>} */
  const bounds = isNumber ? { "range.from": String(range.from), "range.to": String(range.to), "range.step": String(range.step) } : {};
  return { "range.of": parameter, ...bounds, "range.repeats": String(repeats), "range.with": runtimes.join("."), "range.by": quantity };
}

/**
 * The plan that such words mean; what they leave out, or what cannot be, is as proposed.
 * @param {Card} card
 * @param {Readonly<Record<string, string>>} words
 * @param {Plan} proposal
 * @returns {Plan}
 */
export function readPlan(card, words, proposal) {
  const param = card.params.filter(canSweep).find(({ name }) => name === words["range.of"]);
  const range = param ? rangeOf(param) : proposal.range;
  const here = /** @type {Runtime[]} */ (card.sources.map(({ runtime }) => runtime).filter((runtime) => words["range.with"]?.split(".").includes(runtime)));
  const repeats = Number(words["range.repeats"]);
  return {
    parameter: param?.name ?? proposal.parameter,
    range: { from: numberOf(words["range.from"], range.from), to: numberOf(words["range.to"], range.to), step: numberOf(words["range.step"], range.step) },
    repeats: REPEATS.includes(repeats) ? repeats : proposal.repeats,
    runtimes: here.length > 0 ? here : proposal.runtimes,
  };
}

/**
 * @param {Readonly<Record<string, string>>} words
 * @returns {Quantity}
 */
export function quantityOf(words) {
  return QUANTITIES.find((quantity) => quantity === words["range.by"]) ?? "time";
}

/**
 * @param {string | undefined} word
 * @param {number} otherwise
 */
function numberOf(word, otherwise) {
  const number = word === undefined || word === "" ? NaN : Number(word);
  return Number.isFinite(number) ? number : otherwise;
}
