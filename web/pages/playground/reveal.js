/** Brings what the reader has just asked for into view, gliding where motion is welcome. */

/** @param {HTMLElement} element comes to the top of what one sees */
export function reveal(element) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
}
