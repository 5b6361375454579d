/**
 * A map from whole numbers to values that never changes: setting a key gives a new map that shares the rest.
 *
 * How it works: a tree that reads the key's digits in base 32, the lowest first, and goes only as deep as keys agree.
 * Ids that a program chooses (pids, tasks, items) are its keys; they may be sparse and large.
 */

const BASE = 32;

/**
 * @template V
 * @typedef {{ readonly key: number, readonly value: V }} Leaf
 */

/**
 * @template V
 */
export class NumberMap {
  /** @type {readonly any[]} A place for each digit: nothing, a leaf, or the places of the next digit. */
  #places;

  /**
   * For this class alone; begin with {@link NumberMap.empty}.
   * @param {readonly any[]} places
   */
  constructor(places) {
    this.#places = places;
  }

  /**
   * @template V
   * @returns {NumberMap<V>} the map without keys
   */
  static empty() {
    return EMPTY;
  }

  /**
   * @param {number} key
   * @returns {V | undefined}
   */
  get(key) {
    let places = this.#places;
    for (let rest = key; ; rest = Math.floor(rest / BASE)) {
      const place = places[rest % BASE];
      if (place === undefined) return undefined;
      if (!Array.isArray(place)) return place.key === key ? place.value : undefined;
      places = place;
    }
  }

  /**
   * @param {number} key a whole number, not negative
   * @param {V} value
   * @returns {NumberMap<V>} this map with that value for the key
   */
  set(key, value) {
    return new NumberMap(insert(this.#places, key, { key, value }));
  }
}

/** @type {NumberMap<any>} */
const EMPTY = new NumberMap([]);

/**
 * @param {readonly any[]} places
 * @param {number} rest the key's digits that are not yet read
 * @param {Leaf<any>} leaf
 * @param {number} [depth] how many digits were read
 * @returns {readonly any[]}
 */
function insert(places, rest, leaf, depth = 0) {
  const digit = rest % BASE;
  const next = Math.floor(rest / BASE);
  const former = places[digit];
  const copy = places.slice();
  if (former === undefined || (!Array.isArray(former) && former.key === leaf.key)) copy[digit] = leaf;
  else if (Array.isArray(former)) copy[digit] = insert(former, next, leaf, depth + 1);
  else {
    const formerRest = Math.floor(former.key / BASE ** (depth + 1));
    copy[digit] = insert(insert([], formerRest, former, depth + 1), next, leaf, depth + 1);
  }
  return copy;
}
