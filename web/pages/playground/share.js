/**
 * The button "Share": what it gives away is known here, how it is shown is the dialog's, which is fetched when it is
 * first opened.
 *
 * @import { Card, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Choices } from "../../elements/controls/run-controls.js"
 * @import { ShareDialog } from "../../elements/share/share-dialog.js"
 * @import { Shared } from "../../model/share.js"
 * @import { Session } from "./session.js"
 */

import { say } from "../../base/text.js";
import { readSentences } from "../frame.js";
import { changedWords } from "./address.js";
import { copyText } from "./copy.js";
import { addSheet } from "./sheet.js";

/**
 * @typedef {object} Page
 * @property {"zh" | "en"} lang
 * @property {TextTable} text
 * @property {Card} card
 * @property {Session} session
 * @property {() => { choices: Choices, runtime: Runtime }} present
 * @property {() => Record<string, string>} moment the words of the moment that one looks at
 * @property {(sentence: string) => void} announce
 * @property {boolean} hasPng whether the server can draw in pixels
 */

/**
 * Makes the button work.
 * @param {Page} page
 */
export function offerShare(page) {
  const button = document.getElementById("share");
  if (button === null) return;
  /** @type {Promise<{ dialog: ShareDialog, text: TextTable }> | null} */
  let loaded = null;
  button.addEventListener("click", async () => {
    loaded ??= load(page);
    const { dialog, text } = await loaded;
    const { session } = page;
    const kept = say(text, session.run === null ? "share.kept.recorded" : "share.kept.run");
    const hasTasks = session.player.latest.tasks.length > 0;
    dialog.open({ text, shared: sharedOf(page), hasTasks, hasPng: page.hasPng, kept, keptFrame: keptFrame(text, page) });
  });
}

/** @param {Page} page */
async function load({ lang, text, announce }) {
  const [module, sentences] = await Promise.all([import("../../elements/share/share-dialog.js"), readSentences("share", lang), addSheet("sharing.css")]);
  const dialog = new module.ShareDialog();
  document.body.append(dialog);
  const all = { ...text, ...sentences };
  dialog.addEventListener("copy", async (event) => {
    if (!(event instanceof CustomEvent)) return;
    const isDone = await copyText(event.detail.text);
    dialog.copied(event.detail.button, isDone);
    announce(say(all, isDone ? "share.copied" : "share.failed"));
  });
  return { dialog, text: all };
}

/**
 * For how long an embed can show this very run, and what it shows then.
 * @param {TextTable} text
 * @param {Page} page
 * @returns {string}
 */
function keptFrame(text, { lang, session: { kept } }) {
  if (kept !== null && kept.not === undefined && kept.until_unix_ms === undefined) return say(text, "share.frame.run.ever");
  const until = kept?.not === undefined ? kept?.until_unix_ms : undefined;
  if (until === undefined) return say(text, kept === null ? "share.frame.run.some" : "share.frame.run.not");
  return say(text, "share.frame.run.until", { date: new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(until) });
}

/**
 * @param {Page} page
 * @returns {Shared}
 */
function sharedOf({ lang, card, session, present, moment }) {
  const params = changedWords({ card, ...present() });
  return { origin: location.origin, scenario: card.id, title: card.title[lang], lang, params, run: session.run, moment: moment() };
}
