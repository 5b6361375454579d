/**
 * What two runs come to when both have ended: computed once for each pair.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Row } from "../../model/compare.js"
 * @import { Pair } from "../../model/pair.js"
 * @import { Player } from "../../model/player.js"
 */

import { differences, rowsOf } from "../../model/compare.js";
import { factsOf } from "../../model/compare/facts.js";
import { verdict } from "../../model/compare/words.js";
import { standstill } from "./standstill.js";

/** @typedef {{ sentence: string, rows: readonly Row[] }} Verdict */

/**
 * @param {TextTable} text
 * @param {Pair} pair of which both have ended
 * @returns {Verdict}
 */
export function verdictOf(text, { players: [one, other] }) {
  const [a, b] = [factsOfPlayer(one), factsOfPlayer(other)];
  return { sentence: verdict(text, differences(a, b)), rows: rowsOf(a, b) };
}

/** @param {Player} player wherever it looks */
function factsOfPlayer(player) {
  const { latest: run, end: time, events } = player;
  const { findings } = standstill({ run, time, events, at: (t) => player.at(t) });
  return factsOf({ events, run }, findings[0]?.kind ?? null);
}
