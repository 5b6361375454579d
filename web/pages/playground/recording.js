/**
 * The recorded run that the page opens with: where it comes from and what is said of it.
 *
 * It is a real run of another day. So it is never called live, it takes no signals, it leaves the controls as they are,
 * and it does not answer the question before the run. Where the controls say something else than it was made with, the
 * page says with what.
 *
 * @import { Card, RunStarted } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { Choices } from "../../elements/controls/run-controls.js"
 */

import { say } from "../../base/text.js";
import { outline } from "../../elements/controls/outline.js";
import { Player } from "../../model/player.js";
import { RecordedSource } from "../../sources/recorded.js";

/**
 * Reads a scenario's recorded run.
 * @param {Card} card
 * @param {(player: Player) => void} whole is given it, at its end, when all of it is there; never, if it cannot be had
 */
export function readRecording({ id }, whole) {
  const player = new Player({ recorded: true });
  const source = new RecordedSource({
    events: (events) => player.append(events, performance.now()),
    status: (status) => {
      if (status !== "ended") return;
      player.follow();
      whole(player);
    },
    problem: () => {},
  });
  void source.open(`/api/scenarios/${id}/recording`, (url, init) => fetch(url, init), "");
}

/**
 * When and where it was made, and with which parameters where the controls have others.
 * @param {{ text: TextTable, lang: "zh" | "en", card: Card }} reader
 * @param {RunStarted} head
 * @param {Choices} choices
 * @returns {string}
 */
export function aboutRecording({ text, lang, card }, head, choices) {
  const host = `${head.host.os} ${head.host.kernel}`;
  const date = head.unix_ms === undefined ? "" : new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(head.unix_ms);
  const made = date === "" ? say(text, "run.recorded.host", { host }) : say(text, "run.recorded.on", { date, host });
  const others = card.params.filter(({ name }) => head.params[name] !== undefined && head.params[name] !== choices.params[name]);
  if (others.length === 0) return made;
  const params = others.map((param) => outline(text, lang, param, head.params[param.name] ?? null)).join(lang === "zh" ? "，" : ", ");
  return `${made} · ${say(text, "run.recorded.with", { params })}`;
}
