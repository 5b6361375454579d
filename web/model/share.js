/**
 * What can be given away of what the page shows: addresses, the code of an embed, files. Pure; letters in, letters out.
 *
 * @typedef {object} Shared what the page shows
 * @property {string} origin of the server, as `https://playground.example`
 * @property {string} scenario
 * @property {string} title of the scenario
 * @property {"zh" | "en"} lang
 * @property {Readonly<Record<string, string>>} params what differs from the default, with runtime and seed
 * @property {string | null} run the run that is shown; null for the recorded one
 * @property {Readonly<Record<string, string>>} moment the words of the moment that one looks at
 *
 * @typedef {"full" | "simple"} View
 * @typedef {"click" | "auto" | "replay"} Start
 * @typedef {"auto" | "light" | "dark"} Theme
 *
 * @typedef {object} Frame how an embed is
 * @property {View} view
 * @property {Start} start
 * @property {Theme} theme
 * @property {boolean} isRun whether it shows this very run
 * @property {boolean} hasMoment whether it stands at the moment that one looks at
 *
 * @typedef {"iframe" | "hexo" | "file" | "markdown" | "oembed"} CodeKind `file`: the offline page, on one's own site
 */

/** The height of a frame unless its page knows better, in CSS pixels. @type {Readonly<Record<View, number>>} */
export const HEIGHTS = { full: 660, simple: 500 };

/** @type {readonly CodeKind[]} */
export const CODES = ["iframe", "hexo", "file", "markdown", "oembed"];

/** What of a moment an embed understands. */
const EMBED_MOMENT = ["t", "event"];

/**
 * The files of a run: the last word of the address, and whether a page without tasks has no use for it.
 * @type {readonly { name: string, path: string }[]}
 */
const FILES = [
  { name: "html", path: "/export.html" },
  { name: "log", path: "/events" },
  { name: "trace", path: "/trace" },
  { name: "cast", path: "/cast" },
  { name: "processes", path: "/processes.csv" },
  { name: "tasks", path: "/tasks.csv" },
  { name: "svg", path: "/figure.svg" },
  { name: "png", path: "/figure.png" },
];

/**
 * The address of this run, or of the scenario with these parameters.
 * @param {Shared} shared
 * @param {{ isRun: boolean, hasMoment: boolean }} wish
 * @returns {string}
 */
export function pageLink({ origin, scenario, params, run, moment }, { isRun, hasMoment }) {
  const query = new URLSearchParams(isRun ? {} : params);
  if (hasMoment) for (const [name, word] of Object.entries(moment)) query.set(name, word);
  const path = isRun ? `/runs/${run}` : `/scenarios/${scenario}`;
  return origin + path + queryOf(query);
}

/**
 * The address of the embed; what is usual is left out.
 * @param {Shared} shared
 * @param {Frame} frame
 * @returns {string}
 */
export function embedLink(shared, frame) {
  const { origin, scenario, lang, params } = shared;
  const query = new URLSearchParams({ ...params, lang, ...unusual(shared, frame) });
  return `${origin}/embed/v1/${scenario}${queryOf(query)}`;
}

/**
 * @param {Shared} shared
 * @param {Frame} frame
 * @returns {Record<string, string>}
 */
function unusual({ run, moment }, { view, start, theme, isRun, hasMoment }) {
  return {
    ...(view === "full" ? {} : { view }),
    ...(start === "click" ? {} : { start }),
    ...(theme === "auto" ? {} : { theme }),
    ...(isRun && run !== null ? { run } : {}),
    ...(hasMoment ? Object.fromEntries(Object.entries(moment).filter(([name]) => EMBED_MOMENT.includes(name))) : {}),
  };
}

/**
 * Whether an embed can stand at the moment that one looks at: it is one of the run that it shows.
 * @param {Shared} shared
 * @param {{ isRun: boolean }} frame
 * @returns {boolean}
 */
export function canHaveMoment({ run, moment }, { isRun }) {
  return (isRun || run === null) && EMBED_MOMENT.some((name) => name in moment);
}

/** A colon and a comma need not be escaped in a query (RFC 3986), and an address that can be read is shorter. @param {URLSearchParams} query */
function queryOf(query) {
  const words = query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return words === "" ? "" : `?${words}`;
}

/**
 * The code that puts the embed onto a page.
 * @param {CodeKind} kind
 * @param {Shared} shared
 * @param {Frame} frame
 * @returns {string}
 */
export function codeOf(kind, shared, frame) {
  if (kind === "iframe") return iframe(shared, frame, embedLink(shared, frame));
  if (kind === "hexo") return hexo(shared, frame);
  if (kind === "file") return iframe(shared, frame, offlineLink(shared, frame)).replace("<iframe", '<iframe class="process-playground"');
  const page = pageLink(shared, { isRun: frame.isRun, hasMoment: frame.hasMoment });
  const link = frame.isRun ? page : withLang(page, shared.lang);
  if (kind === "oembed") return `${shared.origin}/oembed?format=json&url=${encodeURIComponent(link)}`;
  const picture = `${shared.origin}${frame.isRun ? `/api/runs/${shared.run}` : `/api/scenarios/${shared.scenario}`}/poster.svg?lang=${shared.lang}`;
  return `[![${shared.title.replace(/[[\]\\]/g, "\\$&")}](${picture})](${link})`;
}

/** @param {string} address @param {string} lang */
function withLang(address, lang) {
  return `${address}${address.includes("?") ? "&" : "?"}lang=${lang}`;
}

/**
 * Where a frame and the page in it do not have the same scheme, a browser puts an opaque ground behind round corners.
 * @param {Shared} shared
 * @param {Frame} frame
 * @param {string} src
 */
function iframe(shared, frame, src) {
  const attributes = {
    src,
    title: shared.title,
    loading: "lazy",
    sandbox: "allow-scripts allow-popups",
    style: `width:100%;height:${HEIGHTS[frame.view]}px;border:0;color-scheme:${frame.theme === "auto" ? "light dark" : frame.theme}`,
  };
  return `<iframe ${Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`).join(" ")}></iframe>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The tag of hexo-tag-process-playground: words with a colon; one with a space stands in quotes. @param {Shared} shared @param {Frame} frame */
function hexo(shared, frame) {
  const { scenario, title, lang, params } = shared;
  const words = { ...params, lang, ...unusual(shared, frame), title };
  const parts = Object.entries(words).map(([name, value]) => `${name}:${value}`);
  return `{% playground ${[scenario, ...parts.map((part) => (/\s/.test(part) ? `"${part}"` : part))].join(" ")} %}`;
}

/**
 * The address of the offline page beside a post: its run is in it, so only how it is shown is said.
 * @param {Shared} shared
 * @param {Frame} frame
 */
function offlineLink(shared, frame) {
  const start = frame.start === "auto" ? "click" : frame.start;
  const { run, ...words } = unusual(shared, { ...frame, start });
  return `${offlineName(shared, frame)}${queryOf(new URLSearchParams({ lang: shared.lang, ...words }))}`;
}

/**
 * What the offline page of an embed is called as a file, as the server calls it.
 * @param {Shared} shared
 * @param {{ isRun: boolean }} frame
 * @returns {string}
 */
function offlineName({ scenario, run }, { isRun }) {
  return `${scenario}-${isRun && run !== null ? run.slice(0, 8) : "recorded"}.html`;
}

/**
 * Where the offline page of an embed is downloaded.
 * @param {Shared} shared
 * @param {{ isRun: boolean }} frame
 * @returns {string}
 */
export function offlineFile(shared, { isRun }) {
  const [file] = filesOf({ ...shared, run: isRun ? shared.run : null }, { hasTasks: false, hasPng: false });
  return file?.href ?? "";
}

/**
 * The files of what is shown, each with its address on this server.
 * @param {Shared} shared
 * @param {{ hasTasks: boolean, hasPng: boolean }} what `hasPng`: whether the server can draw in pixels
 * @returns {readonly { name: string, href: string }[]}
 */
export function filesOf({ scenario, lang, run }, { hasTasks, hasPng }) {
  const base = run === null ? `/api/scenarios/${scenario}/recording` : `/api/runs/${run}`;
  const of = (/** @type {{ name: string, path: string }} */ { name, path }) => ({
    name,
    href: base + (name === "log" && run === null ? "" : path) + (["html", "svg", "png"].includes(name) ? `?lang=${lang}` : ""),
  });
  return FILES.filter(({ name }) => (hasTasks || name !== "tasks") && (hasPng || name !== "png")).map(of);
}

/**
 * The QR code of an address, made by the server.
 * @param {string} link
 * @returns {string}
 */
export function codePicture(link) {
  return `/api/qr.svg?url=${encodeURIComponent(link)}`;
}
