/**
 * The control of one parameter: a stepper, a switch, a row of choices or a text field, with label, help and fault.
 *
 * How it works: {@link makeField} makes the field for a parameter's type. It tells `change` with what the reader has
 * entered, right or not; {@link faultOf} says what is wrong with it. The server checks again.
 *
 * @import { JsonValue, Param } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 */

import { say } from "../../base/text.js";
import { attribute, h, write } from "../dom.js";

/**
 * @typedef {object} Field
 * @property {HTMLElement} element
 * @property {(value: JsonValue) => void} set shows a value
 * @property {(fault: string) => void} blame shows what is wrong; empty for nothing
 */

/** @typedef {{ text: TextTable, lang: "zh" | "en", change: (value: JsonValue) => void }} Setting */
/** @typedef {{ body: HTMLElement, input: HTMLElement, set: (value: JsonValue) => void }} Control `input` takes the focus and the description */
/** @template {Param["type"]} K @typedef {Extract<Param, { type: K }>} Of */

/**
 * @param {Param} param
 * @param {Setting} setting
 * @returns {Field}
 */
export function makeField(param, setting) {
  const name = `param-${param.name}`;
  const control = makeControl(param, name, setting);
  const help = h("p", { class: "help", id: `${name}-help` }, param.help[setting.lang]);
  const fault = h("p", { class: "fault", id: `${name}-fault`, hidden: true });
  const labelled = control.input instanceof HTMLInputElement || control.input instanceof HTMLSelectElement;
  const label = h(labelled ? "label" : "span", { class: "label", id: `${name}-label`, for: labelled ? name : null }, param.title[setting.lang]);
  control.input.setAttribute("aria-describedby", `${help.id} ${fault.id}`);
  const element = h("div", { class: "field", "data-type": param.type, "data-name": param.name }, label, control.body, help, fault);
  return { element, set: control.set, blame: (sentence) => blame(control.input, fault, sentence) };
}

/**
 * @param {HTMLElement} input
 * @param {HTMLElement} place
 * @param {string} sentence
 */
function blame(input, place, sentence) {
  write(place, sentence);
  place.hidden = sentence === "";
  attribute(input, "aria-invalid", sentence === "" ? null : "true");
}

/**
 * @param {Param} param
 * @param {string} name
 * @param {Setting} setting
 * @returns {Control}
 */
function makeControl(param, name, setting) {
  switch (param.type) {
    case "integer":
    case "number":
      return stepper(param, name, setting);
    case "boolean":
      return toggle(name, setting);
    case "choice":
      return choice(param, name, setting);
    case "text":
      return line(param, name, setting);
  }
}

/**
 * @param {Of<"integer"> | Of<"number">} param
 * @param {string} name
 * @param {Setting} setting
 * @returns {Control}
 */
function stepper(param, name, { text, lang, change }) {
  const step = param.type === "number" ? param.step : 1;
  const { min, max } = param;
  const input = h("input", { id: name, type: "number", min, max, step: param.type === "number" ? "any" : 1, inputmode: "decimal", autocomplete: "off" });
  const tell = () => change(input.value === "" ? "" : input.valueAsNumber);
  const add = (/** @type {number} */ steps) => {
    const from = Number.isNaN(input.valueAsNumber) ? param.default : input.valueAsNumber;
    input.value = String(Math.min(max, Math.max(min, round(from + steps * step))));
    tell();
  };
  input.addEventListener("input", tell);
  const button = (/** @type {string} */ sign, /** @type {number} */ steps, /** @type {string} */ key) =>
    h("button", { type: "button", "aria-label": say(text, key, { name: param.title[lang] }), onclick: () => add(steps) }, sign);
  const unit = param.type === "number" && param.unit !== "" ? [h("span", { class: "unit" }, param.unit)] : [];
  const body = h("div", { class: "stepper" }, button("−", -1, "controls.less"), input, ...unit, button("+", 1, "controls.more"));
  body.style.setProperty("--digits", String(digits(step, max)));
  return { body, input, set: (value) => setValue(input, value) };
}

/**
 * How many characters the longest number has that the buttons lead to; the field is as wide.
 * @param {number} step
 * @param {number} max
 */
function digits(step, max) {
  const decimals = /\.\d+/.exec(String(step))?.[0].length ?? 0;
  return String(Math.trunc(max)).length + decimals;
}

/** @param {number} value without the dust of binary fractions */
function round(value) {
  return Number(value.toPrecision(12));
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} input
 * @param {JsonValue} value
 */
function setValue(input, value) {
  if (input.value !== String(value)) input.value = String(value);
}

/**
 * @param {string} name
 * @param {Setting} setting
 * @returns {Control}
 */
function toggle(name, { text, change }) {
  const word = h("span", {});
  const input = h("button", { id: name, type: "button", role: "switch", class: "switch", "aria-checked": "false", "aria-labelledby": `${name}-label` }, h("i", {}), word);
  const set = (/** @type {JsonValue} */ value) => {
    attribute(input, "aria-checked", String(value === true));
    write(word, say(text, value === true ? "controls.on" : "controls.off"));
  };
  input.addEventListener("click", () => change(input.getAttribute("aria-checked") !== "true"));
  return { body: input, input, set };
}

/**
 * @param {Of<"choice">} param
 * @param {string} name
 * @param {Setting} setting
 * @returns {Control}
 */
function choice(param, name, { lang, change }) {
  /** @type {HTMLInputElement[]} */
  const radios = [];
  const body = h("div", { class: "segments", role: "radiogroup", "aria-labelledby": `${name}-label` });
  for (const option of param.options) {
    const radio = h("input", { type: "radio", name, value: option.value, onchange: () => change(option.value) });
    radios.push(radio);
    body.append(h("label", {}, radio, h("span", {}, option.title[lang])));
  }
  const set = (/** @type {JsonValue} */ value) => radios.forEach((radio) => (radio.checked = radio.value === value));
  return { body, input: body, set };
}

/**
 * @param {Of<"text">} param
 * @param {string} name
 * @param {Setting} setting
 * @returns {Control}
 */
function line(param, name, { change }) {
  const input = h("input", { id: name, type: "text", class: "line", maxlength: param.max_chars * 2, autocomplete: "off", spellcheck: "false" });
  input.size = Math.min(16, Math.max(6, param.max_chars));
  input.addEventListener("input", () => change(input.value));
  return { body: input, input, set: (value) => setValue(input, value) };
}

/**
 * What is wrong with a value, in a sentence; empty when nothing is.
 * @param {TextTable} text
 * @param {Param} param
 * @param {JsonValue} value
 * @returns {string}
 */
export function faultOf(text, param, value) {
  switch (param.type) {
    case "integer":
    case "number": {
      const isRight = inRange(param, value) && (param.type === "number" || Number.isInteger(value));
      return isRight ? "" : say(text, `controls.fault.${param.type}`, { min: param.min, max: param.max });
    }
    case "boolean":
      return typeof value === "boolean" ? "" : say(text, "controls.fault.boolean");
    case "choice":
      return param.options.some((option) => option.value === value) ? "" : say(text, "controls.fault.choice", { options: param.options.map((option) => option.value).join(", ") });
    case "text":
      return isShortLine(value, param.max_chars) ? "" : say(text, "controls.fault.text", { max: param.max_chars });
  }
}

/**
 * @param {{ min: number, max: number }} range
 * @param {JsonValue} value
 */
function inRange({ min, max }, value) {
  return typeof value === "number" && value >= min && value <= max;
}

/**
 * @param {JsonValue} value
 * @param {number} max
 */
function isShortLine(value, max) {
  if (typeof value !== "string" || /\p{Cc}/u.test(value)) return false;
  const length = [...value].length;
  return length >= 1 && length <= max;
}
