/**
 * `<sweep-form>`: which parameter, from where to where, how often, in which language.
 *
 * Data down: `view`. Wish up: `plan` with the {@link Plan} as it would be then.
 *
 * @import { Card, JsonValue, Param, Runtime } from "../../protocol.js"
 * @import { Range } from "../../model/sweep.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Field } from "../controls/field.js"
 */

import { say } from "../../base/text.js";
import { faultOf, makeField } from "../controls/field.js";
import { h, wish } from "../dom.js";

/** @typedef {{ parameter: string, range: Range, repeats: number, runtimes: readonly Runtime[] }} Plan */
/** @typedef {{ text: TextTable, lang: "zh" | "en", card: Card, plan: Plan, fault: string }} FormView */

/** How often each point may be run. */
export const REPEATS = [1, 3, 5];

export class SweepForm extends HTMLElement {
  /** @type {FormView | null} */
  #view = null;
  #select = h("select", { id: "sweep-parameter", class: "line", onchange: () => this.#tell({ parameter: this.#select.value }) });
  #range = h("div", { class: "fields range" });
  #rest = h("div", { class: "fields" });
  /** @type {Map<string, Field>} */
  #fields = new Map();
  /** The parameter whose range is shown. */
  #shown = "";

  /** @param {FormView} view */
  set view(view) {
    const isFirst = this.#view === null;
    this.#view = view;
    if (isFirst) this.#build(view);
    if (this.#shown !== view.plan.parameter) this.#showRange(view);
    this.#select.value = view.plan.parameter;
    this.#set(view);
  }

  /** @param {FormView} view */
  #build({ text, lang, card }) {
    this.#select.append(...card.params.filter(canSweep).map((param) => h("option", { value: param.name }, param.title[lang])));
    const field = h("div", { class: "field" }, h("label", { class: "label", for: this.#select.id }, say(text, "curve.parameter")), this.#select);
    this.#add("repeats", this.#rest, words(text, "curve.repeats", REPEATS.map((n) => [String(n), String(n)])), (value) => this.#tell({ repeats: Number(value) }));
    const here = card.sources.map(({ runtime }) => runtime);
    const runtimes = here.map((runtime) => /** @type {[string, string]} */ ([runtime, say(text, `runtime.${runtime}`)]));
    if (here.length > 1) this.#add("runtimes", this.#rest, words(text, "curve.runtimes", [...runtimes, [here.join("+"), say(text, "curve.both")]]), (value) => this.#tell({ runtimes: /** @type {Runtime[]} */ (String(value).split("+")) }));
    this.append(field, this.#range, this.#rest);
  }

  /**
   * @param {string} name
   * @param {HTMLElement} place
   * @param {Param} param
   * @param {(value: JsonValue) => void} change
   */
  #add(name, place, param, change) {
    if (this.#view === null) return;
    const { text, lang } = this.#view;
    const field = makeField(param, { text, lang, change });
    this.#fields.set(name, field);
    place.append(field.element);
  }

  /** @param {FormView} view */
  #showRange({ text, card, plan }) {
    this.#shown = plan.parameter;
    this.#range.replaceChildren();
    const param = card.params.find(({ name }) => name === plan.parameter);
    if (param?.type !== "integer" && param?.type !== "number") return;
    for (const part of /** @type {const} */ (["from", "to", "step"])) {
      const change = (/** @type {JsonValue} */ value) => this.#tell({ range: { .../** @type {FormView} */ (this.#view).plan.range, [part]: typeof value === "number" ? value : NaN } });
      this.#add(part, this.#range, numberOf(text, param, part), change);
    }
  }

  /** @param {FormView} view */
  #set({ text, card, plan, fault }) {
    const param = card.params.find(({ name }) => name === plan.parameter);
    for (const part of /** @type {const} */ (["from", "to", "step"])) {
      const value = plan.range[part];
      if (param?.type !== "integer" && param?.type !== "number") continue;
      if (!Number.isNaN(value)) this.#fields.get(part)?.set(value);
      const wrong = faultOf(text, numberOf(text, param, part), Number.isNaN(value) ? "" : value);
      this.#fields.get(part)?.blame(wrong !== "" ? wrong : part === "to" ? fault : "");
    }
    this.#fields.get("repeats")?.set(String(plan.repeats));
    this.#fields.get("runtimes")?.set(plan.runtimes.join("+"));
  }

  /** @param {Partial<Plan>} some */
  #tell(some) {
    if (this.#view) wish(this, "plan", { ...this.#view.plan, ...some });
  }
}

/**
 * Whether a parameter can be swept: a text of one's own has no range.
 * @param {Param} param
 */
export function canSweep({ type }) {
  return type !== "text";
}

/**
 * A number of the range as a parameter, so that it looks and is checked as one.
 * @param {TextTable} text
 * @param {Extract<Param, { type: "integer" | "number" }>} param
 * @param {"from" | "to" | "step"} part
 * @returns {Param}
 */
function numberOf(text, param, part) {
  const title = both(say(text, `curve.${part}`));
  const bounds = part === "step" ? { min: param.type === "integer" ? 1 : param.step, max: Math.max(param.max - param.min, 1) } : { min: param.min, max: param.max };
  return { ...param, ...bounds, name: `sweep-${part}`, title, help: both(say(text, `curve.${part}.help`)) };
}

/**
 * @param {TextTable} text
 * @param {string} key
 * @param {readonly (readonly [string, string])[]} options
 * @returns {Param}
 */
function words(text, key, options) {
  const list = options.map(([value, title]) => ({ value, title: both(title) }));
  return { name: key.replace(".", "-"), title: both(say(text, key)), help: both(say(text, `${key}.help`)), type: "choice", options: list, default: options[0]?.[0] ?? "" };
}

/** @param {string} sentence in the reader's language */
function both(sentence) {
  return { zh: sentence, en: sentence };
}

customElements.define("sweep-form", SweepForm);
