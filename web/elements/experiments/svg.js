/** Shapes of a picture: as `h` of dom.js, in the namespace of SVG. */

/** @typedef {string | number | null | undefined} Value */

/**
 * @param {string} tag
 * @param {Readonly<Record<string, Value>>} [attributes] null and undefined leave it out
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function shape(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * The path through some places.
 * @param {readonly (readonly [number, number])[]} places
 * @returns {string}
 */
export function pathOf(places) {
  return places.map(([x, y], at) => `${at === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
}

/** @param {number} value */
export function round(value) {
  return Math.round(value * 10) / 10;
}
