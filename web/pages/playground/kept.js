/**
 * Deleting the recording of one's own run, for good.
 *
 * @import { Session } from "./session.js"
 */

import { say } from "../../base/text.js";
import { recallToken } from "./address.js";

/**
 * Asks the server; what was seen stays on the page, and no longer has an address.
 * @param {Session} session
 * @param {{ lang: string, text: import("../../base/text.js").TextTable }} reader
 */
export async function forget(session, { lang, text }) {
  const { run } = session;
  if (run === null) return;
  const headers = { authorization: `Bearer ${recallToken(run) ?? ""}` };
  try {
    const answer = await fetch(`/api/runs/${run}?lang=${lang}`, { method: "DELETE", headers });
    if (answer.ok || answer.status === 410) session.leave(say(text, "kept.deleted"));
    else session.keeps((await answer.json()).detail);
  } catch {
    session.keeps(say(text, "run.lost"));
  }
}
