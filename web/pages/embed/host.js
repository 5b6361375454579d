/**
 * The optional script for a page that has embeds in it: `<script src=".../embed/v1/host.js" async></script>`, once.
 *
 * It gives each frame the height of what it shows; passes the page's colours and letter size on, when they change too;
 * lets prose drive the embed: a click on `data-playground-seek="1.2"` (seconds) or `data-playground-event="17"` (a `seq`)
 * goes there, on `data-playground-play` it plays: in the frame whose id stands in `data-playground-target`, else in the
 * one before it in the text, else in the first; and dispatches what an embed tells as a `playground` event on its frame.
 *
 * An embed is known by its address; an offline page on one's own site by the class `process-playground` of its frame.
 *
 * How it works: it listens on the window and the document and looks for frames when something happens, so frames may come
 * and go (PJAX). A frame whose address names its theme keeps it. Nothing in the page is changed but the frames' height
 * and colour scheme: where that is another than the page's in it, a browser puts an opaque ground behind round corners.
 */
(() => {
  const me = /** @type {any} */ (window);
  if (me.processPlayground) return;
  me.processPlayground = 1;
  const src = "process-playground";
  const frames = () => [...document.querySelectorAll("iframe")].filter((frame) => /\/embed\/v1\//.test(frame.src) || frame.matches(".process-playground"));
  /** @type {(frame: HTMLIFrameElement | undefined, message: object) => void} */
  const send = (frame, message) => frame?.contentWindow?.postMessage({ src, v: 1, ...message }, "*");
  /** Of the nearest ground behind a node. @type {(node: Element | null) => string} */
  const themeAt = (node) => {
    if (!node) return "auto";
    const [r = 0, g = 0, b = 0, a = 1] = (getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    return a < 0.5 ? themeAt(node.parentElement) : r * 3 + g * 6 + b < 1275 ? "dark" : "light";
  };
  /** @type {(frame: HTMLIFrameElement) => void} */
  const dress = (frame) => {
    const { parentElement: around } = frame;
    if (!around) return;
    const named = /[?&]theme=(light|dark)/.exec(frame.src)?.[1];
    const theme = named ?? themeAt(around);
    frame.style.colorScheme = theme === "auto" ? "light dark" : theme;
    send(frame, { type: "theme", font: parseFloat(getComputedStyle(around).fontSize), ...(named ? {} : { theme }) });
  };
  const dressAll = () => frames().forEach(dress);
  let due = 0;
  const changed = () => (due ||= requestAnimationFrame(() => ((due = 0), dressAll())));
  addEventListener("message", ({ source, data }) => {
    if (data?.src !== src || data.v !== 1) return;
    const frame = frames().find(({ contentWindow }) => contentWindow === source);
    if (!frame) return;
    if (data.type === "ready") dress(frame);
    if (data.type === "resize" && data.height > 0) frame.style.height = `${Math.min(data.height, 4000)}px`;
    frame.dispatchEvent(new CustomEvent("playground", { bubbles: true, detail: data }));
  });
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("[data-playground-seek],[data-playground-event],[data-playground-play]");
    if (!link) return;
    event.preventDefault();
    const { playgroundSeek: t, playgroundEvent: seq, playgroundTarget: id } = /** @type {HTMLElement} */ (link).dataset;
    const all = frames();
    const frame = id ? all.find((one) => one.id === id) : (all.filter((one) => one.compareDocumentPosition(link) & 4).pop() ?? all[0]);
    send(frame, seq ? { type: "seek", event: Number(seq) } : t ? { type: "seek", t: Number(t) } : { type: "play" });
  });
  for (const node of [document.documentElement, document.body]) if (node) new MutationObserver(changed).observe(node, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  dressAll();
})();
