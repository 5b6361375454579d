/**
 * What nodes show (`data-process`, `data-task`, `data-item`, `data-event`, `data-line`), and which of them are lit.
 *
 * @import { Light, Pointed } from "../model/light.js"
 */

/** @type {readonly (readonly [kind: Pointed["kind"], of: keyof Light])[]} */
const KINDS = [["process", "processes"], ["task", "tasks"], ["item", "items"], ["event", "events"], ["line", "lines"]];

/**
 * A selector of all nodes that show something.
 * @param {string} [but] added to each, as `:not(aside *)`
 */
export function showing(but = "") {
  return KINDS.map(([kind]) => `[data-${kind}]${but}`).join(",");
}

/**
 * Marks the nodes that show something lit.
 * @param {Iterable<Element>} nodes
 * @param {Light} light
 */
export function relight(nodes, light) {
  for (const node of nodes) {
    if (!(node instanceof HTMLElement)) continue;
    const isLit = KINDS.some(([kind, of]) => node.dataset[kind] !== undefined && light[of].has(Number(node.dataset[kind])));
    if (isLit !== node.hasAttribute("data-lit")) node.toggleAttribute("data-lit", isLit);
  }
}

/**
 * What a node shows, or the nearest around it that shows something; lines of a program that did not run show nothing.
 * @param {EventTarget | null} target
 * @param {string} selector of {@link showing}
 * @returns {Pointed | null}
 */
export function thingOf(target, selector) {
  const node = target instanceof Element ? target.closest(selector) : null;
  if (!(node instanceof HTMLElement) || node.closest("[data-foreign]")) return null;
  const kind = KINDS.find(([name]) => node.dataset[name] !== undefined)?.[0];
  return kind ? { kind, key: Number(node.dataset[kind]) } : null;
}
