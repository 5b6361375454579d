/**
 * `<run-controls>`: the switches of a scenario, made from its parameter schema, and the seed.
 *
 * Data down: `view`. Wishes up: `params` with {@link Choices} whenever the reader changes something, `runtime`.
 *
 * @import { Card, JsonValue, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Field } from "./field.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, wish, write } from "../dom.js";
import { FieldRow } from "./field-row.js";
import { faultOf, makeField } from "./field.js";
import { outline } from "./outline.js";
import { runtimeField } from "./runtime-field.js";

/**
 * What the reader has chosen.
 * @typedef {object} Choices
 * @property {Record<string, JsonValue>} params every parameter with its value
 * @property {string} seed as entered; empty for a random one
 */

/**
 * @typedef {object} ControlsView
 * @property {TextTable} text
 * @property {"zh" | "en"} lang
 * @property {Card} card
 * @property {Choices} choices
 * @property {Runtime} runtime which of the programs runs next
 * @property {Record<string, string>} faults of the server, by parameter; they hold until that parameter changes
 */

export class RunControls extends HTMLElement {
  /** @type {ControlsView | null} */
  #view = null;
  /** @type {Map<string, Field>} */
  #fields = new Map();
  /** @type {HTMLElement | null} */
  #outline = null;
  /** @type {FieldRow | null} */
  #row = null;
  /** Escape puts the help away until the reader goes to another field. @param {KeyboardEvent} event */
  #hush = (event) => {
    if (event.code === "Escape") this.setAttribute("data-hushed", "");
  };

  connectedCallback() {
    document.addEventListener("keydown", this.#hush);
    for (const name of ["pointerover", "focusin"]) this.addEventListener(name, () => this.removeAttribute("data-hushed"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#hush);
  }

  /** @param {ControlsView} view */
  set view(view) {
    const isFirst = this.#view === null;
    this.#view = view;
    if (isFirst) this.#build(view);
    this.#show(view);
  }

  /** Puts the focus on the first field that is wrong. */
  focusFault() {
    const wrong = this.querySelector("[aria-invalid]");
    if (wrong instanceof HTMLElement) {
      this.#unfold();
      wrong.focus();
    }
  }

  /** @param {ControlsView} view */
  #build({ text, lang, card }) {
    const runtime = runtimeField(card, { text, lang, change: (chosen) => wish(this, "runtime", chosen) });
    if (runtime) this.#fields.set("runtime", runtime);
    for (const param of card.params) {
      const change = (/** @type {JsonValue} */ value) => this.#change({ [param.name]: value });
      this.#fields.set(param.name, makeField(param, { text, lang, change }));
    }
    this.#fields.set("seed", seedField(text, lang, (value) => this.#changeSeed(String(value))));
    this.#outline = h("span", {});
    const toggle = h("button", { type: "button", class: "button outline", "aria-expanded": "false", "aria-controls": "fields", onclick: () => this.#toggle() },
      h("b", {}, say(text, "controls.parameters")), this.#outline);
    const reset = h("button", { type: "button", class: "button quiet small reset", onclick: () => this.#reset() }, say(text, "controls.reset"));
    const elements = [...this.#fields.values()].map((field) => field.element);
    const row = h("div", { class: "fields", id: "fields" }, ...elements, reset);
    this.append(toggle, row);
    this.#row = new FieldRow({ row, fields: elements, say: (n) => say(text, "controls.further", { n }) });
  }

  /** @param {ControlsView} view */
  #show({ text, lang, card, choices, runtime, faults }) {
    this.#fields.get("runtime")?.set(runtime);
    for (const param of card.params) {
      const value = choices.params[param.name] ?? null;
      const field = this.#fields.get(param.name);
      field?.set(value);
      field?.blame(faults[param.name] ?? faultOf(text, param, value));
      attribute(field?.element ?? this, "data-changed", value !== param.default);
    }
    this.#fields.get("seed")?.set(choices.seed);
    this.#fields.get("seed")?.blame(faults["seed"] ?? seedFault(text, choices.seed));
    const language = this.#fields.has("runtime") ? [say(text, `runtime.${runtime}`)] : [];
    const isDefault = choices.seed === "" && card.params.every((param) => choices.params[param.name] === param.default);
    if (this.hasAttribute("data-default") !== isDefault) {
      attribute(this, "data-default", isDefault);
      this.#row?.fit();
    }
    this.#row?.mind();
    if (this.#outline) write(this.#outline, [...language, ...card.params.map((param) => outline(text, lang, param, choices.params[param.name] ?? null))].join(" · "));
  }

  /** @param {Record<string, JsonValue>} some */
  #change(some) {
    if (!this.#view) return;
    const { seed, params } = this.#view.choices;
    wish(this, "params", { seed, params: { ...params, ...some } });
  }

  /** @param {string} seed */
  #changeSeed(seed) {
    if (this.#view) wish(this, "params", { params: this.#view.choices.params, seed });
  }

  #reset() {
    if (!this.#view) return;
    const params = Object.fromEntries(this.#view.card.params.map((param) => [param.name, param.default]));
    wish(this, "params", { params, seed: "" });
  }

  #toggle() {
    const button = this.querySelector(".outline");
    if (button) attribute(button, "aria-expanded", String(this.toggleAttribute("data-open")));
  }

  #unfold() {
    if (!this.hasAttribute("data-open")) this.#toggle();
  }
}

/**
 * What is wrong with a seed; empty when nothing is.
 * @param {TextTable} text
 * @param {string} seed
 */
export function seedFault(text, seed) {
  const isSeed = seed === "" || (/^\d{1,16}$/.test(seed) && Number.isSafeInteger(Number(seed)));
  return isSeed ? "" : say(text, "controls.fault.seed");
}

/**
 * The field of the seed, made as that of a text parameter.
 * @param {TextTable} text
 * @param {"zh" | "en"} lang
 * @param {(value: JsonValue) => void} change
 */
function seedField(text, lang, change) {
  const both = (/** @type {string} */ key) => ({ zh: say(text, key), en: say(text, key) });
  const field = makeField(
    { name: "seed", title: both("controls.seed"), help: both("controls.seed.help"), type: "text", max_chars: 16, default: "" },
    { text, lang, change },
  );
  const input = field.element.querySelector("input");
  if (input) Object.assign(input, { placeholder: say(text, "controls.seed.any"), inputMode: "numeric", size: 8 });
  return field;
}

customElements.define("run-controls", RunControls);
