/**
 * The Markdown of the scenarios' texts as nodes: headings, paragraphs, lists, **bold**, *emphasis*, `code`.
 *
 * Only this much is understood; all else is shown as it is written. Nodes are made, never markup.
 */

import { h } from "./dom.js";

/**
 * @param {string} source
 * @returns {HTMLElement[]}
 */
export function markdown(source) {
  return source.trim().split(/\n{2,}/).flatMap(blocks);
}

/**
 * The blocks of one paragraph: a heading or a list may stand close to what comes before and after.
 * @param {string} text
 * @returns {HTMLElement[]}
 */
function blocks(text) {
  /** @type {HTMLElement[]} */
  const nodes = [];
  for (const line of text.split("\n")) {
    const [, hashes, title] = /^(#{1,4}) +(.*)$/.exec(line) ?? [];
    const [, sign, point] = /^(?:([-*])|\d+\.) +(.*)$/.exec(line) ?? [];
    const last = nodes.at(-1);
    if (title !== undefined) nodes.push(h((hashes?.length ?? 1) <= 2 ? "h3" : "h4", {}, ...spans(title)));
    else if (point !== undefined) listFor(sign ? "ul" : "ol", nodes).append(h("li", {}, ...spans(point)));
    else goOn(last, line, nodes);
  }
  return nodes;
}

/**
 * @param {"ul" | "ol"} tag
 * @param {HTMLElement[]} nodes
 */
function listFor(tag, nodes) {
  const last = nodes.at(-1);
  if (last?.localName === tag) return last;
  const list = h(tag);
  nodes.push(list);
  return list;
}

/**
 * A line that goes on with what stands before it, or begins a paragraph.
 * @param {HTMLElement | undefined} last
 * @param {string} line
 * @param {HTMLElement[]} nodes
 */
function goOn(last, line, nodes) {
  const open = last?.localName === "p" ? last : last?.lastElementChild?.localName === "li" ? last.lastElementChild : null;
  if (open) open.append(joint(open.textContent ?? "", line), ...spans(line.trim()));
  else nodes.push(h("p", {}, ...spans(line)));
}

/**
 * Between Chinese characters a line break is no space.
 * @param {string} before
 * @param {string} after
 */
function joint(before, after) {
  const isWide = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
  return isWide.test(before.slice(-1)) && isWide.test(after.trim().slice(0, 1)) ? "" : " ";
}

/**
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
function spans(text) {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)
    .filter((part) => part !== "")
    .map((part) => {
      if (part.startsWith("`")) return h("code", {}, part.slice(1, -1));
      if (part.startsWith("**")) return h("b", {}, ...spans(part.slice(2, -2)));
      return part.startsWith("*") && part.endsWith("*") && part.length > 2 ? h("em", {}, part.slice(1, -1)) : part;
    });
}
