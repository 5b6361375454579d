/**
 * What an embed begins with: what its page says, what its address wishes, and the sentences of its language.
 *
 * The same page stands on the server, among plain files, and alone in one file. Of plain files nobody reads the address
 * but the page itself, so it is read here, in the same way everywhere.
 *
 * @import { Card, JsonValue, Param, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Moment } from "../playground/moment-address.js"
 * @import { Place } from "../playground/passes.js"
 */

import { isHere } from "../playground/address.js";
import { readMoment } from "../playground/moment-address.js";

/** @typedef {"zh" | "en"} Lang */

/**
 * @typedef {object} Boot
 * @property {Card} card without its explanation
 * @property {Lang | null} lang null: the page decides
 * @property {TextTable | null} text of that language
 * @property {Record<Lang, string | TextTable>} texts by language, or where they are
 * @property {string | null} recording where the recorded run is
 * @property {string | null} log the recorded run itself
 * @property {Place | null} server null: there is none
 * @property {string | null} page the full page
 */

/**
 * @typedef {object} Wishes what the address asks for
 * @property {"full" | "simple"} view
 * @property {"click" | "auto" | "replay"} start
 * @property {string | null} run
 * @property {Runtime | null} runtime
 * @property {number | null} seed
 * @property {Record<string, JsonValue>} params
 * @property {Lang | null} lang
 * @property {Moment} moment of the recorded run
 */

const RUN = /^[0-9a-f]{32}$/;
const LANGS = /** @type {const} */ (["zh", "en"]);
const VIEWS = /** @type {const} */ (["full", "simple"]);
const STARTS = /** @type {const} */ (["click", "auto", "replay"]);

/** @returns {Promise<Boot>} */
export async function readBoot() {
  const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
  const given = boot.packed === undefined ? boot : JSON.parse(await unpack(boot.packed));
  return { lang: null, text: null, recording: null, log: null, server: null, page: null, ...given };
}

/**
 * @param {string} packed gzip in base64
 * @returns {Promise<string>}
 */
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/**
 * What is not understood is as if it were not there.
 * @param {Card} card
 * @param {string} search
 * @returns {Wishes}
 */
export function readWishes(card, search) {
  const query = new URLSearchParams(search);
  const runtime = query.get("runtime");
  const seed = query.get("seed") ?? "";
  return {
    view: one(VIEWS, query, "view") ?? "full",
    start: one(STARTS, query, "start") ?? "click",
    run: query.getAll("run").find((run) => RUN.test(run)) ?? null,
    runtime: isHere(card, runtime) ? /** @type {Runtime} */ (runtime) : null,
    seed: /^\d{1,15}$/.test(seed) ? Number(seed) : null,
    params: paramsIn(card, query),
    lang: one(LANGS, query, "lang"),
    moment: momentIn(card, query),
  };
}

/**
 * The moment that the address names, in the words of the page's; a word that is a parameter's name is the parameter's.
 * @param {Card} card
 * @param {URLSearchParams} query
 */
function momentIn({ params }, query) {
  const words = [...query].filter(([name]) => !params.some((param) => param.name === name));
  return readMoment(new URLSearchParams(words)).moment;
}

/**
 * The first word of that name that is one of these: a scenario may have a parameter of the same name.
 * @template {string} T
 * @param {readonly T[]} words
 * @param {URLSearchParams} query
 * @param {string} name
 * @returns {T | null}
 */
function one(words, query, name) {
  const found = query.getAll(name);
  return words.find((word) => found.includes(word)) ?? null;
}

/**
 * The parameters that the address sets, as far as they can be what they are for.
 * @param {Card} card
 * @param {URLSearchParams} query
 * @returns {Record<string, JsonValue>}
 */
function paramsIn({ params }, query) {
  /** @type {Record<string, JsonValue>} */
  const found = {};
  for (const param of params) {
    const value = query.getAll(param.name).map((word) => valueOf(param, word)).find((value) => value !== null);
    if (value !== undefined) found[param.name] = value;
  }
  return found;
}

/**
 * @param {Param} param
 * @param {string} word
 * @returns {JsonValue} null: it is none
 */
function valueOf(param, word) {
  switch (param.type) {
    case "integer":
    case "number": {
      const number = word.trim() === "" ? NaN : Number(word);
      const isWhole = param.type === "number" || Number.isInteger(number);
      return number >= param.min && number <= param.max && isWhole ? number : null;
    }
    case "boolean":
      return word === "true" ? true : word === "false" ? false : null;
    case "choice":
      return param.options.some(({ value }) => value === word) ? word : null;
    case "text":
      return word !== "" && [...word].length <= param.max_chars ? word : null;
  }
}

/**
 * The language of the page: the address's, the server's, the reader's.
 * @param {Boot} boot
 * @param {Wishes} wishes
 * @returns {Lang}
 */
export function langOf({ lang }, wishes) {
  return wishes.lang ?? lang ?? readersLang();
}

/**
 * The first language of the reader's that we speak; English to all others.
 * @returns {Lang}
 */
export function readersLang() {
  const tags = navigator.languages.map((tag) => tag.split("-")[0]);
  return /** @type {Lang | undefined} */ (tags.find((tag) => tag === "zh" || tag === "en")) ?? "en";
}

/**
 * The sentences of a language.
 * @param {Boot} boot
 * @param {Lang} lang
 * @returns {Promise<TextTable>}
 */
export async function textOf(boot, lang) {
  if (boot.text !== null && boot.lang === lang) return boot.text;
  const found = boot.texts[lang];
  if (typeof found !== "string") return found;
  const answer = await fetch(found);
  return answer.json();
}
