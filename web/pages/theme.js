/**
 * The theme before the first paint: a classic script in the head, so that nobody sees the wrong colours flash.
 *
 * How it works: dark.css is linked with the media of dark surroundings; a reader's own choice, kept in this browser,
 * replaces that media by `screen` or `not all`. The switch itself is in frame.js. It also tells the style that scripts run:
 * without them the page leaves out the views that only scripts can fill.
 */
(() => {
  document.documentElement.dataset.scripts = "";
  const media = { light: "not all", dark: "screen" };
  try {
    const choice = /** @type {keyof typeof media} */ (localStorage.getItem("theme"));
    const sheet = document.getElementById("dark");
    if (sheet instanceof HTMLLinkElement && choice in media) sheet.media = media[choice];
  } catch {
    // Storage may be forbidden; then the page follows the system.
  }
})();
