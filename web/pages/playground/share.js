/**
 * What the button "Share" gives away is known here, how it is shown is the dialog's. Both are fetched when the button is
 * first pressed.
 *
 * @import { Card, Runtime } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Choices } from "../../elements/controls/run-controls.js"
 * @import { ShareDialog } from "../../elements/share/share-dialog.js"
 * @import { Shared } from "../../model/share.js"
 * @import { Announcer } from "./announcer.js"
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
 * @property {Choices} choices
 * @property {Runtime} runtime
 * @property {Record<string, string>} moment the words of the moment that one looks at
 * @property {Announcer} announcer
 * @property {boolean} [hasPng] whether the server can draw in pixels
 */

/** @type {Promise<{ dialog: ShareDialog, text: TextTable }> | null} */
let loaded = null;

/**
 * Opens the dialog.
 * @param {Page} page
 */
export async function share(page) {
  loaded ??= load(page);
  const { dialog, text } = await loaded;
  const { player, kept } = page.session;
  dialog.open({ text, shared: sharedOf(page), hasTasks: player.latest.tasks.length > 0, hasPng: page.hasPng === true, kept });
}

/** @param {Page} page */
async function load({ lang, text, announcer }) {
  const [module, sentences] = await Promise.all([import("../../elements/share/share-dialog.js"), readSentences("share", lang), addSheet("sharing.css")]);
  const dialog = new module.ShareDialog();
  document.body.append(dialog);
  const all = { ...text, ...sentences };
  dialog.addEventListener("copy", async (event) => {
    if (!(event instanceof CustomEvent)) return;
    const isDone = await copyText(event.detail.text);
    dialog.copied(event.detail.button, isDone);
    announcer.say(say(all, isDone ? "share.copied" : "share.failed"));
  });
  return { dialog, text: all };
}

/**
 * @param {Page} page
 * @returns {Shared}
 */
function sharedOf({ lang, card, session, choices, runtime, moment }) {
  const params = changedWords({ card, choices, runtime });
  return { origin: location.origin, scenario: card.id, title: card.title[lang], lang, params, run: session.run, moment };
}
