/**
 * What is lit on both sides of a comparison: on one what belongs to the thing that the reader points at, or has selected,
 * on the other the same process as it was there.
 *
 * @import { Light } from "../../model/light.js"
 * @import { Player } from "../../model/player.js"
 * @import { SideThing } from "../../elements/experiments/twin-stage.js"
 */

import { counterpart } from "../../model/counterpart.js";
import { DARK, lightOf } from "../../model/light.js";

/**
 * @param {SideThing} pointed
 * @param {readonly [Player, Player]} players
 * @returns {readonly [Light, Light]}
 */
export function lightsOf({ side, thing }, players) {
  const own = players[side];
  const other = players[side === 0 ? 1 : 0];
  const light = lightOf(thing, own.latest, own.events);
  const twins = [...light.processes].map((key) => counterpart(own.latest.processes.at(key), own.latest, other.latest)?.key ?? null);
  const far = { ...DARK, processes: new Set(twins.filter((key) => key !== null)) };
  const beyond = far.processes.size === 0 ? DARK : far;
  return side === 0 ? [light, beyond] : [beyond, light];
}
