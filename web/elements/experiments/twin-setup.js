/**
 * `<twin-setup>`: what the two runs are. A is what the controls of the page say, B the same with changes: each switch
 * turned, each other choice and program at one press, numbers and texts in fields.
 *
 * Data down: `view`. Wishes up: `set` with {@link Change}, `together` (a boolean), `run`, `stop`.
 *
 * @import { Card, JsonValue, Param } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Field } from "../controls/field.js"
 * @import { Side } from "./sides.js"
 */

import { say } from "../../base/text.js";
import { faultOf, makeField } from "../controls/field.js";
import { attribute, h, icon, keyed, wish, write } from "../dom.js";
import { ofB, proposals, wordsOf } from "./sides.js";

/** What B has otherwise than A; `name` is a parameter or `runtime`. @typedef {{ name: string, value: JsonValue }} Change */

/**
 * @typedef {object} SetupView
 * @property {TextTable} text
 * @property {"zh" | "en"} lang
 * @property {Card} card
 * @property {Side} a
 * @property {Side} b
 * @property {boolean} isTogether whether both run at the same time
 * @property {boolean} isBusy
 * @property {boolean} canStop
 * @property {string} stopWord
 * @property {string} note what is wrong; empty for nothing
 */

const PLAY = "M4 2.5v11l9-5.5z";
const STOP = "M3.5 3.5h9v9h-9z";

export class TwinSetup extends HTMLElement {
  /** @type {Map<string, Field>} */
  #fields = new Map();
  #ofA = h("p", { class: "words" });
  #chips = h("div", { class: "chips", role: "group" });
  #more = h("details", { class: "more" }, h("summary", {}));
  #order = h("p", { class: "hint" });
  #together = h("input", { type: "checkbox", onchange: () => wish(this, "together", this.#together.checked) });
  #togetherWord = h("span", {});
  #note = h("p", { class: "fault", role: "alert" });
  #runWord = h("span", {});
  #stopWord = h("span", {});
  #run = h("button", { type: "button", class: "button primary", onclick: () => wish(this, "run") }, icon(PLAY), this.#runWord);
  #stop = h("button", { type: "button", class: "button danger", onclick: () => wish(this, "stop") }, icon(STOP), this.#stopWord);

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(
      h("div", { class: "sides" },
        h("b", { class: "side" }, "A"), this.#ofA,
        h("b", { class: "side" }, "B"), h("div", { class: "changes" }, this.#chips, this.#more)),
      h("div", { class: "act" },
        h("label", { class: "tick" }, this.#together, this.#togetherWord),
        this.#order,
        this.#note,
        h("div", { class: "buttons" }, this.#stop, this.#run)),
    );
  }

  /** @param {SetupView} view */
  set view(view) {
    const { text, card, a, b, isTogether } = view;
    if (this.#fields.size === 0) this.#build(view);
    write(this.#ofA, say(text, "compare.a", { words: wordsOf(view, a).join(" · ") }));
    attribute(this.#chips, "aria-label", say(text, "compare.b"));
    this.#offer(view);
    for (const param of card.params) this.#fields.get(param.name)?.set(b.params[param.name] ?? null);
    for (const param of card.params) this.#blame(view, param);
    this.#more.hidden = this.#fields.size === 0;
    write(this.#togetherWord, say(text, "compare.together"));
    this.#together.checked = isTogether;
    write(this.#order, say(text, isTogether ? "compare.order.together" : "compare.order.turns"));
    this.#act(view);
  }

  /** Puts the focus on the first field of B that is wrong. */
  focusFault() {
    const wrong = this.querySelector("[aria-invalid]");
    if (!(wrong instanceof HTMLElement)) return;
    this.#more.open = true;
    wrong.focus();
  }

  /** @param {SetupView} view */
  #build({ text, lang, card }) {
    for (const param of card.params.filter(({ type }) => type !== "boolean" && type !== "choice")) {
      const change = (/** @type {JsonValue} */ value) => wish(this, "set", { name: param.name, value });
      this.#fields.set(param.name, makeField({ ...param, name: ofB(param.name) }, { text, lang, change }));
    }
    const summary = this.#more.querySelector("summary");
    if (summary) write(summary, say(text, "compare.more"));
    this.#more.append(h("div", { class: "fields", role: "group", "aria-label": say(text, "compare.more") }, ...[...this.#fields.values()].map(({ element }) => element)));
  }

  /** The proposals: pressed are those that B has. @param {SetupView} view */
  #offer(view) {
    const { text, a, b } = view;
    const lead = h("span", { class: "lead" });
    const offers = proposals(view, a);
    keyed(this.#chips, [null, ...offers], (offer) => (offer ? `${offer.name} ${offer.value}` : ""), (offer) => (offer ? h("button", { type: "button", class: "option" }) : lead), (node, offer) => {
      if (offer === null) return write(node, say(text, "compare.b"));
      const has = (offer.name === "runtime" ? b.runtime : b.params[offer.name]) === offer.value;
      const own = offer.name === "runtime" ? a.runtime : (a.params[offer.name] ?? null);
      write(node, offer.words);
      attribute(node, "aria-pressed", String(has));
      node.onclick = () => wish(this, "set", { name: offer.name, value: has ? own : offer.value });
    });
  }

  /**
   * @param {SetupView} view
   * @param {Param} param
   */
  #blame({ text, a, b }, param) {
    const field = this.#fields.get(param.name);
    const value = b.params[param.name] ?? null;
    field?.blame(faultOf(text, param, value));
    if (field) attribute(field.element, "data-changed", value !== a.params[param.name]);
  }

  /** @param {SetupView} view */
  #act({ text, isBusy, canStop, stopWord, note }) {
    write(this.#note, note);
    write(this.#runWord, say(text, "compare.run"));
    write(this.#stopWord, stopWord);
    this.#stop.hidden = !canStop;
    this.#run.disabled = isBusy;
  }
}

customElements.define("twin-setup", TwinSetup);
