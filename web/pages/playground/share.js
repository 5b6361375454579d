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
    const { player, kept } = session;
    dialog.open({ text, shared: sharedOf(page), hasTasks: player.latest.tasks.length > 0, hasPng: page.hasPng, kept });
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
 * @param {Page} page
 * @returns {Shared}
 */
function sharedOf({ lang, card, session, present, moment }) {
  const params = changedWords({ card, ...present() });
  return { origin: location.origin, scenario: card.id, title: card.title[lang], lang, params, run: session.run, moment: moment() };
}
