/**
 * The dialog of the keys, which is fetched with its sentences by whoever first asks for it.
 */

import { readSentences } from "../frame.js";

/**
 * @param {"zh" | "en"} lang
 * @returns {Promise<() => void>} opens it
 */
export async function loadHelp(lang) {
  const [{ KeysHelp }, text] = await Promise.all([import("../../elements/keys-help.js"), readSentences("keys", lang)]);
  const help = document.body.appendChild(new KeysHelp());
  return () => void help.open(text);
}
