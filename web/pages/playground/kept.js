/**
 * What becomes of the run's recording: until when it is kept, or why it is not; its owner can delete it, for good.
 *
 * It is fetched, with its sentences, when the first run has ended.
 *
 * @import { Boot } from "../frame.js"
 * @import { Session } from "./session.js"
 */

import { say } from "../../base/text.js";
import { KeptLine } from "../../elements/kept-line.js";
import { readSentences } from "../frame.js";
import { recallToken } from "./address.js";

/**
 * Puts the line in its place.
 * @param {HTMLElement} place
 * @param {Session} session
 * @param {Boot} boot
 * @returns {Promise<() => void>} shows how it is now
 */
export async function openKept(place, session, boot) {
  const text = { ...boot.text, ...(await readSentences("kept", boot.lang)) };
  const line = new KeptLine();
  let fault = { run: "", words: "" };
  const refresh = () => {
    const kept = session.phase.kind === "finished" ? session.kept : null;
    place.hidden = kept === null;
    line.view = { text, kept, own: session.own, fault: fault.run === session.run ? fault.words : "" };
  };
  line.addEventListener("forget", async (event) => {
    event.stopPropagation();
    const { run } = session;
    if (run === null) return;
    const words = await forget(run, boot.lang, say(text, "run.lost"));
    if (words === "") return session.leave(say(text, "kept.deleted"));
    fault = { run, words };
    refresh();
  });
  place.append(line);
  return refresh;
}

/**
 * @param {string} run
 * @param {string} lang
 * @param {string} lost the sentence for a server that did not answer
 * @returns {Promise<string>} why it is not deleted; empty if it is
 */
async function forget(run, lang, lost) {
  const headers = { authorization: `Bearer ${recallToken(run) ?? ""}` };
  try {
    const answer = await fetch(`/api/runs/${run}?lang=${lang}`, { method: "DELETE", headers });
    return answer.ok || answer.status === 410 ? "" : String((await answer.json()).detail);
  } catch {
    return lost;
  }
}
