/** Style sheets of what most readers never open: fetched when it is first opened. */

import { h } from "../../elements/dom.js";

/**
 * Adds a style sheet to the page; what it is for is shown when it is there, or when it cannot be had.
 * @param {string} name
 * @returns {Promise<void>}
 */
export function addSheet(name) {
  return new Promise((resolve) => {
    const done = () => resolve();
    document.head.append(h("link", { rel: "stylesheet", href: `/static/style/${name}`, onload: done, onerror: done }));
  });
}
