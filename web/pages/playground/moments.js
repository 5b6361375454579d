/**
 * The reader's moments: marks, a selected part of the time, the part in view; and the link that leads another reader to
 * the same picture.
 *
 * How it works: what the address asks for is done as soon as the run has come so far; until then the address stays as
 * it is. Afterwards it is written anew a little after each change, without a step back in the history.
 *
 * @import { TextTable } from "../../base/text.js"
 * @import { Period } from "../../elements/timeline/moments.js"
 * @import { ProcessTimeline } from "../../elements/timeline.js"
 * @import { Selection } from "../../elements/words.js"
 * @import { Moment } from "./moment-address.js"
 * @import { Session } from "./session.js"
 */

import { seconds } from "../../base/duration.js";
import { say } from "../../base/text.js";
import { sumsOf } from "../../model/range.js";
import { turnLanguageLink } from "./address.js";
import { Chosen } from "./chosen.js";
import { loadHelp } from "./help.js";
import { MOMENT_WORDS, readMoment, wordsOf } from "./moment-address.js";

/** How long nothing must change before the address is written, in ms. */
const CALM_MS = 400;

/**
 * @typedef {object} Page
 * @property {"zh" | "en"} lang
 * @property {TextTable} text
 * @property {Session} session
 * @property {ProcessTimeline} timeline
 * @property {() => Selection} selection
 * @property {(selection: Selection) => void} select
 * @property {(sentence: string) => void} announce
 * @property {() => void} changed
 */

export class Moments {
  /** What is wrong with the address, by name. @type {Record<string, string>} */
  faults = {};
  #page;
  /** @type {Moment | null} What the address asks for, as long as that is not done. */
  #asked = null;
  #chosen;
  /** Loaded when it is first asked for. @type {Promise<() => void> | null} */
  #help = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#chosen = new Chosen({ ...page, end: () => page.session.player.end });
    const { moment, wrong } = readMoment(new URLSearchParams(location.search));
    for (const name of wrong) this.faults[name] = say(page.text, `moment.fault.${name}`);
    if (Object.keys(wordsOf(moment)).length > 0) this.#asked = moment;
  }

  /** What the timeline shows of it. */
  get view() {
    const { marks, range, isRanging } = this.#chosen;
    return { marks, range, isRanging };
  }

  /** What the buttons show of it. */
  get tools() {
    const { isRanging, isCopied } = this.#chosen;
    return { isRanging, isCopied };
  }

  /** The same in words. */
  get notes() {
    const { player } = this.#page.session;
    const { marks, range } = this.#chosen;
    const sums = range && sumsOf(player.latest, player.events, range);
    return { text: this.#page.text, marks, range, sums, end: player.end };
  }

  /** What each wish does. @type {Record<string, (detail: any) => void>} */
  wishes = {
    mark: (/** @type {number} */ t) => this.#chosen.turnMark(t),
    range: (/** @type {Period | null} */ range) => this.#chosen.select(range),
    ranging: () => this.#chosen.turnRanging(),
    window: (/** @type {Period | null} */ period) => this.#look(period),
    link: () => void this.#chosen.copy(this.#link()),
    help: () => void this.#openHelp(),
    search: () => search(),
    turn: () => this.#turn(),
  };

  /** Does what the address asks for when the run has come so far, and keeps the address true. */
  refresh() {
    const { player } = this.#page.session;
    if (this.#asked && player.events.length > 0) this.#answer(this.#asked);
    if (this.#asked === null) this.#write();
  }

  /** Another run has other moments. */
  forget() {
    this.#asked = null;
    this.#chosen.forget();
    this.faults = {};
    this.#replace({});
  }

  /** @param {Moment} asked */
  #answer({ period, time, event, marks }) {
    const { session: { player }, timeline, select, text } = this.#page;
    const last = Math.max(period?.end ?? 0, time ?? 0, ...marks);
    if (player.goesOn && (player.end < last || player.events.length < (event ?? 0))) return;
    this.#asked = null;
    const beyond = Math.max(period?.start ?? 0, time ?? 0);
    if (beyond > player.end) this.faults.t = say(text, "moment.fault.beyond", { end: seconds(player.end) });
    else if (period) timeline.show((this.#chosen.window = period));
    else if (time !== null) this.#hold(time);
    if (event !== null && event > player.events.length) this.faults.event = say(text, "moment.fault.none", { n: player.events.length });
    else if (event !== null) select({ kind: "event", key: event });
    this.#chosen.marks = marks.filter((mark) => mark <= player.end);
    this.#page.changed();
  }

  /** Looks at a moment, and stays there. @param {number} time */
  #hold(time) {
    const { player } = this.#page.session;
    if (player.isPlaying) player.pause();
    player.seekTime(time);
  }

  /** @param {Period | null} period the part in view */
  #look(period) {
    this.#chosen.window = period;
    this.refresh();
  }

  async #openHelp() {
    this.#help ??= loadHelp(this.#page.lang);
    try {
      (await this.#help)();
    } catch {
      // The server is out of reach, which the page says already; another press tries again.
      this.#help = null;
    }
  }

  #turn() {
    const { player } = this.#page.session;
    if (player.isPlaying || player.mode === "live") player.pause();
    else player.play();
  }

  /** @param {boolean} isLink whether the moment one looks at belongs to it */
  #moment(isLink) {
    const { session: { player }, selection } = this.#page;
    const selected = selection();
    const time = isLink && player.mode === "replay" ? player.time : null;
    return { period: this.#chosen.window, time, event: selected?.kind === "event" ? selected.key : null, marks: this.#chosen.marks };
  }

  /** The words of an address that leads to what one looks at. */
  get words() {
    return wordsOf(this.#moment(true));
  }

  #write() {
    const words = wordsOf(this.#moment(false));
    const query = new URLSearchParams(location.search);
    if (MOMENT_WORDS.every((name) => (query.get(name) ?? undefined) === words[name])) return clearTimeout(this.#timer);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#replace(words), CALM_MS);
  }

  /** @param {Record<string, string>} words */
  #replace(words) {
    clearTimeout(this.#timer);
    history.replaceState(null, "", addressWith(words, location.pathname));
    turnLanguageLink();
  }

  #link() {
    const { session } = this.#page;
    const path = session.run === null ? location.pathname : `/runs/${session.run}`;
    const link = new URL(addressWith(this.words, path), location.href);
    if (session.run !== null) link.searchParams.delete("run");
    return link.href;
  }
}

/**
 * An address with these words of a moment and no others.
 * @param {Record<string, string>} words
 * @param {string} path
 */
function addressWith(words, path) {
  const query = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => !MOMENT_WORDS.includes(name)));
  for (const [name, word] of Object.entries(words)) query.set(name, word);
  // Commas mean nothing in a query, and a link is to be read.
  return query.size > 0 ? `${path}?${String(query).replaceAll("%2C", ",")}` : path;
}

/** To the field that searches the events, which on a phone is behind a tab. */
function search() {
  const tab = document.querySelector("#tabs [data-tab=details]");
  if (tab instanceof HTMLElement && tab.checkVisibility()) tab.click();
  const field = document.querySelector("event-table input[type=search]");
  if (field instanceof HTMLElement) field.focus();
}
