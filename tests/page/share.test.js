/** What the page gives away: addresses that lead back, and code that no title can break. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canHaveMoment, CODES, codeOf, codePicture, embedLink, filesOf, offlineFile, pageLink } from "../../web/model/share.js";

/** @import { Frame, Shared } from "../../web/model/share.js" */

/** @type {Shared} */
const shared = { origin: "https://play.example", scenario: "pool", title: "进程池", lang: "zh", params: { size: "2" }, run: null, moment: { t: "1.25", marks: "0.5,1" } };
/** @type {Frame} */
const frame = { view: "full", start: "click", theme: "auto", isRun: false, hasMoment: false };
const run = "0123456789abcdef0123456789abcdef";

test("a link leads to the run, or to the scenario with its parameters; the moment stands in it if it is wished", () => {
  assert.equal(pageLink(shared, { isRun: false, hasMoment: false }), "https://play.example/scenarios/pool?size=2");
  assert.equal(pageLink(shared, { isRun: false, hasMoment: true }), "https://play.example/scenarios/pool?size=2&t=1.25&marks=0.5,1");
  assert.equal(pageLink({ ...shared, run }, { isRun: true, hasMoment: true }), `https://play.example/runs/${run}?t=1.25&marks=0.5,1`);
});

test("an embed's address has what is not usual", () => {
  assert.equal(embedLink(shared, frame), "https://play.example/embed/v1/pool?size=2&lang=zh");
  const own = embedLink({ ...shared, run }, { view: "simple", start: "replay", theme: "dark", isRun: true, hasMoment: false });
  assert.equal(own, `https://play.example/embed/v1/pool?size=2&lang=zh&view=simple&start=replay&theme=dark&run=${run}`);
});

test("each kind of code is what its reader expects", () => {
  const [html, hexo, file, markdown, oembed] = CODES.map((kind) => codeOf(kind, shared, frame));
  assert.equal(html, '<iframe src="https://play.example/embed/v1/pool?size=2&amp;lang=zh" title="进程池" loading="lazy" sandbox="allow-scripts allow-popups" style="width:100%;height:660px;border:0;color-scheme:light dark"></iframe>');
  assert.equal(hexo, "{% playground pool size:2 lang:zh title:进程池 %}");
  assert.equal(file, '<iframe class="process-playground" src="pool-recorded.html?lang=zh" title="进程池" loading="lazy" sandbox="allow-scripts allow-popups" style="width:100%;height:660px;border:0;color-scheme:light dark"></iframe>');
  assert.equal(markdown, "[![进程池](https://play.example/api/scenarios/pool/poster.svg?lang=zh)](https://play.example/scenarios/pool?size=2&lang=zh)");
  assert.equal(oembed, "https://play.example/oembed?format=json&url=https%3A%2F%2Fplay.example%2Fscenarios%2Fpool%3Fsize%3D2%26lang%3Dzh");
});

test("the offline page of a run is a file beside the post: it says only how it is shown", () => {
  const of = { ...shared, run };
  const shown = { ...frame, isRun: true, hasMoment: true, view: /** @type {const} */ ("simple"), start: /** @type {const} */ ("auto") };
  assert.match(codeOf("file", of, shown), /^<iframe class="process-playground" src="pool-01234567\.html\?lang=zh&amp;view=simple&amp;t=1\.25" /);
  assert.equal(offlineFile(of, shown), `/api/runs/${run}/export.html?lang=zh`);
  assert.equal(offlineFile(of, frame), "/api/scenarios/pool/recording/export.html?lang=zh");
});

test("an embed stands at a moment of the run that it shows, and of no other", () => {
  assert.match(embedLink(shared, { ...frame, hasMoment: true }), /&t=1\.25$/);
  assert.equal(canHaveMoment(shared, { isRun: false }), true, "the recording is what one looks at");
  assert.equal(canHaveMoment({ ...shared, run }, { isRun: false }), false);
  assert.equal(canHaveMoment({ ...shared, run }, { isRun: true }), true);
  assert.equal(canHaveMoment({ ...shared, moment: { marks: "1" } }, { isRun: false }), false);
});

test("no title can end the code that it stands in", () => {
  const evil = { ...shared, title: '"><script>[x](y)' };
  assert.ok(!codeOf("iframe", evil, frame).includes("<script>"));
  assert.ok(codeOf("markdown", evil, frame).startsWith('[![">'), "brackets are escaped");
  assert.ok(codeOf("markdown", evil, frame).includes("\\[x\\]"));
  assert.ok(codeOf("hexo", { ...shared, title: "a pool" }, frame).includes('"title:a pool"'));
});

test("files are those of what is shown, and tasks only where there are some", () => {
  const names = filesOf(shared, { hasTasks: true, hasPng: true }).map(({ name }) => name);
  assert.deepEqual(names, ["html", "log", "trace", "cast", "processes", "tasks", "svg", "png"]);
  const hrefs = filesOf({ ...shared, run }, { hasTasks: false, hasPng: false }).map(({ href }) => href);
  assert.ok(!hrefs.some((href) => href.includes("png")), "what the server cannot draw is not offered");
  assert.ok(hrefs.every((href) => href.startsWith(`/api/runs/${run}/`)) && !hrefs.some((href) => href.includes("tasks")));
  assert.equal(filesOf(shared, { hasTasks: true, hasPng: true })[1]?.href, "/api/scenarios/pool/recording");
  assert.equal(codePicture("https://play.example/a?b=c"), "/api/qr.svg?url=https%3A%2F%2Fplay.example%2Fa%3Fb%3Dc");
});
