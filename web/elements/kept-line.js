/**
 * `<kept-line>`: until when the run's recording is kept, or why it is not; its owner can delete it, and is asked once more.
 *
 * Data down: `view`. Wishes up: `forget`.
 *
 * @import { Kept } from "../protocol.js"
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { h, wish, write } from "./dom.js";

/**
 * @typedef {object} KeptView
 * @property {TextTable} text
 * @property {Kept | null} kept what became of the recording; nothing as long as the run goes on
 * @property {boolean} own whether the reader may delete it
 * @property {string} fault why it could not be deleted
 */

export class KeptLine extends HTMLElement {
  #words = h("span", {});
  #delete = h("button", { type: "button", class: "button quiet small", onclick: () => this.#ask(true) });
  #sure = h("span", {});
  #yes = h("button", { type: "button", class: "button danger small", onclick: () => this.#confirm() });
  #no = h("button", { type: "button", class: "button quiet small", onclick: () => this.#ask(false) });
  #question = h("span", { class: "question", hidden: true }, this.#sure, " ", this.#yes, " ", this.#no);
  #isAsked = false;
  #mayDelete = false;

  connectedCallback() {
    this.append(this.#words, " ", this.#delete, this.#question);
  }

  /** @param {KeptView} view */
  set view({ text, kept, own, fault }) {
    this.hidden = kept === null;
    this.#mayDelete = own && kept !== null && kept.not === undefined;
    if (!this.#mayDelete) this.#isAsked = false;
    write(this.#words, kept === null ? "" : fault || sentenceOf(text, kept));
    write(this.#delete, say(text, "kept.delete"));
    write(this.#sure, say(text, "kept.sure"));
    write(this.#yes, say(text, "kept.yes"));
    write(this.#no, say(text, "kept.no"));
    this.#show();
  }

  #show() {
    this.#words.hidden = this.#isAsked;
    this.#delete.hidden = !this.#mayDelete || this.#isAsked;
    this.#question.hidden = !this.#isAsked;
  }

  /** @param {boolean} isAsked */
  #ask(isAsked) {
    this.#isAsked = isAsked;
    this.#show();
    (isAsked ? this.#no : this.#delete).focus();
  }

  #confirm() {
    if (!this.#isAsked) return;
    this.#ask(false);
    wish(this, "forget");
  }
}

/**
 * @param {TextTable} text
 * @param {Kept} kept
 * @returns {string}
 */
function sentenceOf(text, { not, until_unix_ms: until }) {
  if (not !== undefined) return say(text, `kept.not.${not}`) + (until === undefined || not === "slow" ? "" : inMemory(text, until));
  if (until === undefined) return say(text, "kept.ever");
  const date = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(until);
  return say(text, "kept.until", { date });
}

/** @param {TextTable} text @param {number} until */
function inMemory(text, until) {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(until);
  return say(text, "kept.memory", { time });
}

customElements.define("kept-line", KeptLine);
