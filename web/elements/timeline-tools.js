/**
 * `<timeline-tools>`: buttons that do what dragging and the wheel do. Wish up: `tool` with {@link Tool}.
 *
 * @import { TextTable } from "../base/text.js"
 */

import { say } from "../base/text.js";
import { h, icon, wish } from "./dom.js";

/** @typedef {"left" | "right" | "zoom.out" | "zoom.in" | "fit"} Tool */

/** @type {readonly { tool: Tool, path: string }[]} */
const TOOLS = [
  { tool: "left", path: "M10 3v10L4 8z" },
  { tool: "right", path: "M6 3v10l6-5z" },
  { tool: "zoom.out", path: "M3 7h10v2H3z" },
  { tool: "zoom.in", path: "M7 3h2v4h4v2H9v4H7V9H3V7h4z" },
  { tool: "fit", path: "M1 3h2v10H1zM13 3h2v10h-2zM4 8l3-3v2h2V5l3 3-3 3V9H7v2z" },
];

export class TimelineTools extends HTMLElement {
  /** @param {{ text: TextTable }} view */
  set view({ text }) {
    if (this.childElementCount > 0) return;
    for (const { tool, path } of TOOLS) {
      const name = say(text, `timeline.${tool}`);
      this.append(h("button", { type: "button", class: "button quiet small", "data-tool": tool, "aria-label": name, title: name, onclick: () => wish(this, "tool", tool) }, icon(path)));
    }
  }
}

customElements.define("timeline-tools", TimelineTools);
