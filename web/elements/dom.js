/**
 * The few lines between data and the document that all elements share.
 *
 * How it works: {@link h} makes a node, {@link keyed} makes the children of a node agree with a list while nodes that
 * stay are kept (so focus, scroll and transitions stay too), {@link wish} says upwards what the reader wants. Text
 * enters as text only; there is no way to pass markup.
 */

/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */

/**
 * An element with attributes, listeners (`onclick`) and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Readonly<Record<string, Attribute>>} [attributes] `true` sets it bare; `false`, null and undefined leave it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else attribute(node, name, value);
  }
  node.append(...children);
  return node;
}

/**
 * Sets an attribute when it differs; `false`, null and undefined remove it.
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function attribute(node, name, value) {
  if (value === false || value === null || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Sets the text of a node when it differs.
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @type {WeakMap<Element, Map<unknown, Element>>} */
const children = new WeakMap();

/**
 * Makes the children of a node agree with a list. Nodes of keys that stay are kept and moved only when needed.
 * @template T
 * @template {HTMLElement} N
 * @param {Element} parent whose element children are all made here
 * @param {Iterable<T>} items
 * @param {(item: T) => unknown} keyOf
 * @param {(item: T) => N} make
 * @param {(node: N, item: T) => void} [update] runs for new nodes too
 */
export function keyed(parent, items, keyOf, make, update = () => {}) {
  const former = /** @type {Map<unknown, N>} */ (children.get(parent) ?? new Map());
  /** @type {Map<unknown, N>} */
  const next = new Map();
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const node = former.get(key) ?? make(item);
    update(node, item);
    former.delete(key);
    next.set(key, node);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of former.values()) node.remove();
  children.set(parent, next);
}

/**
 * Says upwards what the reader wants; the page decides.
 * @param {EventTarget} from
 * @param {string} name
 * @param {unknown} [detail]
 */
export function wish(from, name, detail) {
  from.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * A small picture in the colour of the text, from one path in a square of 16.
 * @param {string} path
 * @returns {SVGSVGElement}
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
