/**
 * `<predict-card>`: the scenario's question, asked before the run and answered by its log. Answering is optional, and
 * nothing waits for it.
 *
 * Data down: `view`. Wishes up: `guess` with a number, an option's value, or null for none.
 *
 * @import { Predict } from "../protocol.js"
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { attribute, h, wish, write } from "./dom.js";

/** @typedef {number | string | null} Guess */

/**
 * How a run that has ended answered. `guess`: what the reader had said before it.
 * @typedef {{ answer: Guess, guess: Guess, isStopped: boolean }} Grade
 */

/**
 * @typedef {object} PredictView
 * @property {TextTable} text
 * @property {"zh" | "en"} lang
 * @property {Predict} predict
 * @property {Guess} guess for the run that is under way, or the next
 * @property {boolean} isBusy while a run is under way the guess stands
 * @property {Grade | null} grade
 */

export class PredictCard extends HTMLElement {
  #answers = h("div", { class: "answers", role: "group", "aria-labelledby": "predict-question" });
  #grade = h("p", { class: "grade", role: "status" });
  /** @type {HTMLInputElement | null} */
  #number = null;

  /** @param {PredictView} view */
  set view(view) {
    if (this.#answers.parentElement === null) this.#build(view);
    if (this.#number) this.#showNumber(this.#number, view);
    for (const button of this.#answers.querySelectorAll("button")) showOption(button, view);
    write(this.#grade, gradeWords(view));
    attribute(this.#grade, "data-right", isRight(view.grade));
    this.#grade.hidden = this.#grade.textContent === "";
  }

  /** @param {PredictView} view */
  #build({ text, lang, predict }) {
    // The page brings the question with it, as it is read first of all, and what takes the room of the answers.
    this.querySelector(".answers")?.remove();
    this.#answers.append(...(predict.answer.by === "options" ? optionsOf(this, predict.answer.options, lang) : [this.#makeNumber(text)]));
    this.append(this.#answers, this.#grade);
  }

  /** @param {TextTable} text */
  #makeNumber(text) {
    const input = h("input", { type: "number", class: "line", step: "any", inputmode: "decimal", autocomplete: "off", placeholder: "?", "aria-label": say(text, "predict.guess") });
    input.addEventListener("input", () => wish(this, "guess", Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber));
    this.#number = input;
    return input;
  }

  /**
   * What is being typed is left alone while it means the guess.
   * @param {HTMLInputElement} input
   * @param {PredictView} view
   */
  #showNumber(input, { guess, isBusy }) {
    const shown = Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber;
    if (shown !== guess) input.value = guess === null ? "" : String(guess);
    input.disabled = isBusy;
  }
}

/**
 * @param {HTMLElement} card
 * @param {readonly import("../protocol.js").PredictOption[]} options
 * @param {"zh" | "en"} lang
 */
function optionsOf(card, options, lang) {
  return options.map(({ value, title }) => {
    const button = h("button", { type: "button", class: "option", "data-value": value }, title[lang]);
    button.addEventListener("click", () => wish(card, "guess", button.getAttribute("aria-pressed") === "true" ? null : value));
    return button;
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {PredictView} view
 */
function showOption(button, { guess, isBusy, grade }) {
  attribute(button, "aria-pressed", String(button.dataset.value === guess));
  attribute(button, "data-answer", grade !== null && button.dataset.value === grade.answer);
  button.disabled = isBusy;
}

/** @param {Grade | null} grade */
function isRight(grade) {
  return grade === null || grade.guess === null || grade.answer === null ? null : String(grade.guess === grade.answer);
}

/**
 * What the log says, and whether the reader had said so.
 * @param {PredictView} view
 */
function gradeWords({ text, lang, predict, isBusy, guess, grade }) {
  if (grade === null) return isBusy && guess !== null ? say(text, "predict.waits") : "";
  if (grade.answer === null) return say(text, "predict.none");
  const words = (/** @type {Guess} */ value) => wordsOf(predict, lang, value);
  const key = grade.guess === null ? "skipped" : grade.guess === grade.answer ? "right" : "wrong";
  const sentence = say(text, `predict.${key}`, { guess: words(grade.guess), answer: words(grade.answer) });
  return grade.isStopped ? `${sentence}${say(text, "predict.stopped")}` : sentence;
}

/**
 * @param {Predict} predict
 * @param {"zh" | "en"} lang
 * @param {Guess} value
 */
function wordsOf({ answer }, lang, value) {
  const option = answer.by === "options" ? answer.options.find((one) => one.value === value) : undefined;
  return option?.title[lang] ?? String(value ?? "");
}

customElements.define("predict-card", PredictCard);
