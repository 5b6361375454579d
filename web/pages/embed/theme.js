/**
 * The colours of an embed before its first paint: a classic script in the head.
 *
 * How it works: the address says `theme=light` or `dark`, else the surroundings decide by the media of the dark sheet.
 * The page around the frame may say it anew; then the page's module dispatches `embedtheme` on the document. Nothing is
 * kept: an embed has no storage. It also tells the style that scripts run.
 */
(() => {
  document.documentElement.dataset.scripts = "";
  const media = new Map([["light", "not all"], ["dark", "screen"], ["auto", "screen and (prefers-color-scheme: dark)"]]);
  const sheet = document.getElementById("dark");
  const choose = (/** @type {unknown} */ theme) => {
    const wished = media.get(String(theme));
    if (wished !== undefined && (sheet instanceof HTMLLinkElement || sheet instanceof HTMLStyleElement)) sheet.media = wished;
  };
  const tell = () => document.dispatchEvent(new Event("themechange"));
  // A sheet that does not count is read last, and may begin to count before it is there.
  sheet?.addEventListener("load", tell);
  choose(new URLSearchParams(location.search).get("theme"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  document.addEventListener("embedtheme", (event) => {
    if (!(event instanceof CustomEvent)) return;
    choose(event.detail);
    tell();
  });
})();
