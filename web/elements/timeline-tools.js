/**
 * `<timeline-tools>`: buttons that do what dragging, the wheel and the keys do. Wishes up: `tool` with {@link Tool}; and
 * where there is `more`: `ranging`, `link`, `help`.
 *
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { attribute, h, icon, wish } from "./dom.js";

/** @typedef {"left" | "right" | "zoom.out" | "zoom.in" | "fit" | "mark"} Tool */

/** @type {readonly { tool: Tool, path: string }[]} */
const TOOLS = [
  { tool: "left", path: "M10 3v10L4 8z" },
  { tool: "right", path: "M6 3v10l6-5z" },
  { tool: "zoom.out", path: "M3 7h10v2H3z" },
  { tool: "zoom.in", path: "M7 3h2v4h4v2H9v4H7V9H3V7h4z" },
  { tool: "fit", path: "M1 3h2v10H1zM13 3h2v10h-2zM4 8l3-3v2h2V5l3 3-3 3V9H7v2z" },
];
const RANGE = "M2 2h1.5v12H2zM12.5 2H14v12h-1.5zM5 5h6v6H5z";
const MARK = "M3 2h1.6v12H3zM5.4 2.6H13L11 5.3l2 2.7H5.4z";
const LINK = "M6 4H4.5a4 4 0 0 0 0 8H6v-1.6H4.5a2.4 2.4 0 0 1 0-4.8H6zM10 4h1.5a4 4 0 0 1 0 8H10v-1.6h1.5a2.4 2.4 0 0 0 0-4.8H10zM5 7.2h6v1.6H5z";
const DONE = "M6.2 12.6 2.4 8.8l1.3-1.3 2.5 2.5 6-6 1.4 1.3z";

/**
 * @typedef {object} ToolsView
 * @property {TextTable} text
 * @property {{ isRanging: boolean, isCopied?: boolean }} [more] what else there is to do; without `isCopied` nothing leads here by a link
 */

export class TimelineTools extends HTMLElement {
  #range = button(RANGE, (from) => wish(from, "ranging"));
  #mark = button(MARK, (from) => wish(from, "tool", "mark"));
  #link = button(LINK, (from) => wish(from, "link"));
  #help = h("button", { type: "button", class: "button quiet small", onclick: () => wish(this.#help, "help") }, "?");

  /** @param {ToolsView} view */
  set view({ text, more }) {
    if (this.childElementCount === 0) this.#furnish(text, more);
    if (more === undefined) return;
    attribute(this.#range, "aria-pressed", String(more.isRanging));
    if (more.isCopied === undefined) return;
    attribute(/** @type {Element} */ (this.#link.querySelector("path")), "d", more.isCopied ? DONE : LINK);
    name(this.#link, say(text, more.isCopied ? "timeline.link.done" : "timeline.link"));
  }

  /**
   * @param {TextTable} text
   * @param {ToolsView["more"]} more
   */
  #furnish(text, more) {
    for (const { tool, path } of TOOLS) {
      const node = button(path, (from) => wish(from, "tool", tool));
      node.dataset.tool = tool;
      name(node, say(text, `timeline.${tool}`));
      this.append(node);
    }
    if (more === undefined) return;
    name(this.#range, say(text, "timeline.range"));
    name(this.#mark, say(text, "timeline.mark"));
    name(this.#help, say(text, "timeline.help"));
    this.append(this.#range, this.#mark, ...(more.isCopied === undefined ? [] : [this.#link]), this.#help);
  }
}

/**
 * @param {string} path
 * @param {(from: HTMLElement) => void} act
 */
function button(path, act) {
  const node = h("button", { type: "button", class: "button quiet small", onclick: () => act(node) }, icon(path));
  return node;
}

/** @param {HTMLElement} node @param {string} words */
function name(node, words) {
  attribute(node, "aria-label", words);
  attribute(node, "title", words);
}

customElements.define("timeline-tools", TimelineTools);
