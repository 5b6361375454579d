/**
 * The reader's guess: for which run it was made, and how that run answered.
 *
 * A guess is about the parameters as they are; when they change, it and the former answer are forgotten.
 *
 * @import { Predict } from "../../protocol.js"
 * @import { Player } from "../../model/player.js"
 * @import { Grade, Guess } from "../../elements/predict-card.js"
 */

import { answerOf } from "../../model/predict.js";

export class Prediction {
  /** @type {Guess} */
  guess = null;
  /** @type {Player | null} Whose answer is known, or no longer of interest. */
  #player = null;
  /** @type {Grade | null} */
  #grade = null;
  #predict;

  /** @param {Predict} predict */
  constructor(predict) {
    this.#predict = predict;
  }

  /**
   * Forgets the guess, and the answer of the run that has ended.
   * @param {Player} player
   */
  forget(player) {
    this.guess = null;
    this.#grade = null;
    this.#player = player;
  }

  /**
   * How the run answered; null until it has ended. A guess that is changed afterwards changes nothing.
   * @param {Player} player
   * @returns {Grade | null}
   */
  grade(player) {
    const { latest, events } = player;
    if (latest.finish === null) return null;
    if (this.#player !== player) {
      this.#player = player;
      const answer = answerOf(this.#predict.answer, { events, run: latest });
      this.#grade = { answer, guess: this.guess, isStopped: latest.finish.outcome === "stopped" };
    }
    return this.#grade;
  }
}
