/** The recorded source: lines that arrive in any pieces, a torn last line, a log that is not there. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { RecordedSource } from "../../web/sources/recorded.js";

const LINES = [1, 2, 3].map((seq) => JSON.stringify({ seq, t: seq, type: "output", stream: "stdout", text: "听音乐" }));
const TEXT = `${LINES.join("\n")}\n`;

function listened() {
  /** @type {{ seqs: number[], told: string[] }} */
  const heard = { seqs: [], told: [] };
  const source = new RecordedSource({
    events: (events) => heard.seqs.push(...events.map(({ seq }) => seq)),
    status: (status) => heard.told.push(status),
    problem: ({ code, message }) => heard.told.push(`${code}: ${message}`),
  });
  return { source, heard };
}

/** @param {number} size of the pieces, in bytes */
function inPieces(size) {
  const bytes = new TextEncoder().encode(TEXT);
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  return /** @type {typeof fetch} */ (async () => new Response(body));
}

test("a log arrives in pieces that break lines and characters", async () => {
  for (const size of [1, 7, 64, 10_000]) {
    const { source, heard } = listened();
    await source.open("/log", inPieces(size), "lost");
    assert.deepEqual(heard, { seqs: [1, 2, 3], told: ["connecting", "online", "ended"] });
  }
});

test("a torn last line is left out, a torn line before it is a fault", async () => {
  const { source, heard } = listened();
  source.openText(TEXT.slice(0, -20));
  assert.deepEqual(heard.seqs, [1, 2]);
  assert.throws(() => source.openText(`{"seq":1\n${TEXT}`), SyntaxError);
});

test("a log that is not there is a problem with the server's sentence", async () => {
  const { source, heard } = listened();
  const gone = JSON.stringify({ code: "unknown_run", detail: "This run is gone." });
  await source.open("/log", async () => new Response(gone, { status: 404 }), "lost");
  assert.deepEqual(heard.told, ["connecting", "offline", "unknown_run: This run is gone."]);
});

test("a server that does not answer is a problem too", async () => {
  const { source, heard } = listened();
  await source.open("/log", () => Promise.reject(new TypeError("fetch failed")), "lost");
  assert.deepEqual(heard.told, ["connecting", "offline", "connection_lost: lost"]);
});
