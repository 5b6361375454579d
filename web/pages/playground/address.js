/**
 * What of the page stands in its address and what the browser tab remembers: a link reproduces the parameters, a reload
 * goes on following the run, and the token that makes a run one's own stays in this tab.
 *
 * @import { Card, JsonValue, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Choices } from "../../elements/controls/run-controls.js"
 */

import { say } from "../../base/text.js";
import { MOMENT_WORDS } from "./moment-address.js";

/**
 * What the address says beside the parameters, which the server has read.
 * @returns {{ seed: string, runtime: string | null, run: string | null }}
 */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const runtime = query.get("runtime");
  return {
    seed: query.get("seed") ?? "",
    runtime,
    run: query.get("run"),
  };
}

/**
 * Whether this server can run that program of the scenario.
 * @param {Card} card
 * @param {string | null} runtime
 */
export function isHere(card, runtime) {
  return card.sources.some((source) => source.runtime === runtime);
}

/**
 * The program that the address asks for, else the scenario's first.
 * @param {Card} card
 * @param {string | null} asked
 * @returns {Runtime}
 */
export function runtimeOf({ sources }, asked) {
  return (sources.find(({ runtime }) => runtime === asked) ?? sources[0])?.runtime ?? "rust";
}

/**
 * Why the program that the address asks for is not the one that runs: a sentence, as for a parameter.
 * @param {Card} card
 * @param {string | null} asked
 * @param {{ lang: "zh" | "en", text: TextTable }} reader
 * @returns {Record<string, string>}
 */
export function runtimeFault(card, asked, { lang, text }) {
  if (asked === null || isHere(card, asked)) return {};
  const why = card.missing?.find(({ runtime }) => runtime === asked)?.why[lang];
  return { runtime: why ?? say(text, "controls.fault.choice", { options: card.sources.map(({ runtime }) => runtime).join(", ") }) };
}

/**
 * @typedef {object} Place
 * @property {Card} card
 * @property {Choices} choices
 * @property {Runtime} runtime
 * @property {string | null} run
 */

/**
 * Makes the address say what the page shows. Values that are the default are left out.
 * @param {Place} place
 */
export function writeAddress(place) {
  const query = queryOf(place);
  history.replaceState(null, "", `/scenarios/${place.card.id}${query}`);
  turnLanguageLink();
}

/**
 * @param {Place} place
 * @returns {string}
 */
function queryOf({ card, choices, runtime, run }) {
  const query = new URLSearchParams(changedWords({ card, choices, runtime }));
  if (run !== null) query.set("run", run);
  const former = new URLSearchParams(location.search);
  const lang = former.get("lang");
  if (lang !== null) query.set("lang", lang);
  for (const [name, word] of former) if (isExperiments(name) || MOMENT_WORDS.includes(name)) query.set(name, word);
  return query.size > 0 ? `?${query}` : "";
}

/**
 * What the controls say beside the defaults, by name.
 * @param {Pick<Place, "card" | "choices" | "runtime">} place
 * @returns {Record<string, string>}
 */
export function changedWords({ card, choices, runtime }) {
  const changed = card.params.filter(({ name, default: usual }) => choices.params[name] !== usual && choices.params[name] !== undefined);
  const words = Object.fromEntries(changed.map(({ name }) => [name, String(choices.params[name])]));
  if (choices.seed !== "") words.seed = choices.seed;
  if (runtime !== (card.sources[0]?.runtime ?? "rust")) words.runtime = runtime;
  return words;
}

/**
 * Words of an experiment have a point, which no parameter's name has.
 * @param {string} name
 */
function isExperiments(name) {
  return name === "experiment" || name.includes(".");
}

/**
 * The experiment that the address asks for, and its words.
 * @returns {{ id: string | null, words: Record<string, string> }}
 */
export function readExperiment() {
  const query = new URLSearchParams(location.search);
  return { id: query.get("experiment"), words: Object.fromEntries([...query].filter(([name]) => name.includes("."))) };
}

/**
 * Makes the address say which experiment is open, and how; all else in it stays.
 * @param {string | null} id null for none
 * @param {Readonly<Record<string, string>>} words each with a point
 */
export function writeExperiment(id, words) {
  const query = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => !isExperiments(name)));
  if (id !== null) query.set("experiment", id);
  for (const [name, word] of Object.entries(words)) query.set(name, word);
  history.replaceState(null, "", query.size > 0 ? `?${query}` : location.pathname);
  turnLanguageLink();
}

/** The language link leads to this very page in the other language. */
export function turnLanguageLink() {
  const link = document.getElementById("language");
  if (!(link instanceof HTMLAnchorElement)) return;
  const query = new URLSearchParams(location.search);
  query.set("lang", link.hreflang);
  link.href = `?${query}`;
}

/**
 * The token of a run that this tab started.
 * @param {string} run
 * @returns {string | null}
 */
export function recallToken(run) {
  try {
    return sessionStorage.getItem(`token ${run}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} run
 * @param {string} token
 */
export function keepToken(run, token) {
  try {
    sessionStorage.setItem(`token ${run}`, token);
  } catch {
    // Storage may be forbidden; then a reload makes this reader a viewer.
  }
}

/**
 * Every parameter with its value: those of the address that are right, else the default.
 * @param {Card} card
 * @param {Readonly<Record<string, JsonValue>>} given
 * @returns {Record<string, JsonValue>}
 */
export function paramsOf(card, given) {
  return Object.fromEntries(card.params.map((param) => [param.name, given[param.name] ?? param.default]));
}
