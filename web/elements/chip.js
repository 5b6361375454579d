/**
 * The chip of a process: its pid on its colour, the same in every view. Pressing it selects the process.
 *
 * @import { Process } from "../model/state.js"
 */

import { attribute, h, wish, write } from "./dom.js";
import { colour } from "./words.js";

/**
 * A chip that is a button.
 * @returns {HTMLButtonElement}
 */
export function makeChip() {
  return h("button", { type: "button", class: "chip" });
}

/**
 * @param {HTMLButtonElement} chip
 * @param {Process} process
 * @param {{ chosen: boolean, label: string }} shown `label` for those who do not see where it stands
 */
export function updateChip(chip, process, { chosen, label }) {
  write(chip, String(process.pid));
  attribute(chip, "data-process", process.key);
  chip.style.setProperty("--own", colour(process));
  attribute(chip, "aria-pressed", String(chosen));
  attribute(chip, "aria-label", label);
  attribute(chip, "title", label);
  chip.onclick = () => wish(chip, "select", { kind: "process", key: process.key });
}
