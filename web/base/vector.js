/**
 * A list that never changes: adding or replacing an element gives a new list that shares almost all of the old one.
 *
 * How it works: a tree with 32 branches a node and a tail of at most 32 elements (Bagwell and Rompf's vector, as
 * Clojure uses it). `push` adds to the tail, `with` copies one path. So each state of a run can be kept for the price of what
 * differs, which makes seeking instant. Order, filters and views are left to the callers.
 */

const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/**
 * @template T
 */
export class Vector {
  /** @type {number} How many elements there are. */
  length;
  /** @type {number} Bits to shift an index by, to find the branch of the root. */
  #shift;
  /** @type {readonly any[]} The tree: all full blocks of 32. */
  #root;
  /** @type {readonly T[]} The last 1 to 32 elements. */
  #tail;

  /**
   * For this class alone; begin with {@link Vector.empty}.
   * @param {number} length
   * @param {number} shift
   * @param {readonly any[]} root
   * @param {readonly T[]} tail
   */
  constructor(length, shift, root, tail) {
    this.length = length;
    this.#shift = shift;
    this.#root = root;
    this.#tail = tail;
  }

  /**
   * @template T
   * @returns {Vector<T>} the list without elements
   */
  static empty() {
    return EMPTY;
  }

  /**
   * @template T
   * @param {Iterable<T>} elements
   * @returns {Vector<T>}
   */
  static of(elements) {
    /** @type {Vector<T>} */
    let vector = Vector.empty();
    for (const element of elements) vector = vector.push(element);
    return vector;
  }

  /**
   * The element there. An index outside is a mistake of the caller.
   * @param {number} index 0 to `length` - 1
   * @returns {T}
   */
  at(index) {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`no element ${index} among ${this.length}`);
    return this.#block(index)[index & MASK];
  }

  /** @returns {T | undefined} the last element */
  get last() {
    return this.length === 0 ? undefined : this.#tail[(this.length - 1) & MASK];
  }

  /**
   * @param {T} element
   * @returns {Vector<T>} this list and the element after it
   */
  push(element) {
    const room = this.length - this.#tailStart;
    if (room < WIDTH) return new Vector(this.length + 1, this.#shift, this.#root, extended(this.#tail, room, element));
    const isFull = this.#tailStart === 1 << (this.#shift + BITS);
    const shift = isFull ? this.#shift + BITS : this.#shift;
    const root = isFull ? [this.#root] : this.#root;
    return new Vector(this.length + 1, shift, graft(root, shift, this.#tailStart, this.#tail), [element]);
  }

  /**
   * @param {number} index
   * @param {T} element
   * @returns {Vector<T>} this list with another element there
   */
  with(index, element) {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`no element ${index} among ${this.length}`);
    if (index >= this.#tailStart) {
      const own = this.#tail.slice(0, this.length - this.#tailStart);
      return new Vector(this.length, this.#shift, this.#root, replaced(own, index & MASK, element));
    }
    const block = replaced(this.#block(index), index & MASK, element);
    return new Vector(this.length, this.#shift, graft(this.#root, this.#shift, index, block), this.#tail);
  }

  /** @returns {Iterator<T>} the elements in order */
  *[Symbol.iterator]() {
    yield* this.from(0);
  }

  /**
   * @param {number} start
   * @returns {Generator<T, void, void>} the elements from there on, in order
   */
  *from(start) {
    for (let index = Math.max(0, start); index < this.length; ) {
      const block = this.#block(index);
      const end = Math.min(this.length, (index | MASK) + 1);
      for (; index < end; index += 1) yield block[index & MASK];
    }
  }

  /**
   * The first index whose element is not before; the list must be sorted so that all elements before come first.
   * @param {(element: T) => boolean} isBefore
   * @returns {number} `length` when all are
   */
  firstNot(isBefore) {
    return this.#between(0, this.length, isBefore);
  }

  /**
   * As {@link Vector.firstNot}, of those from an index on: fast where it is near.
   * @param {number} start
   * @param {(element: T) => boolean} isBefore
   */
  nextNot(start, isBefore) {
    let low = start;
    for (let step = 1; low + step <= this.length && isBefore(this.at(low + step - 1)); step *= 2) low += step;
    return this.#between(low, Math.min(this.length, 2 * low - start + 1), isBefore);
  }

  /**
   * @param {number} low
   * @param {number} high
   * @param {(element: T) => boolean} isBefore
   */
  #between(low, high, isBefore) {
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.at(middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get #tailStart() {
    return this.length === 0 ? 0 : (this.length - 1) & ~MASK;
  }

  /**
   * @param {number} index
   * @returns {readonly T[]}
   */
  #block(index) {
    if (index >= this.#tailStart) return this.#tail;
    let node = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= BITS) node = node[(index >>> shift) & MASK];
    return node;
  }
}

/** @type {Vector<any>} */
const EMPTY = new Vector(0, BITS, [], []);

/**
 * The tree with this block where the index belongs; only the path to it is copied.
 * @param {readonly any[]} node
 * @param {number} shift
 * @param {number} index
 * @param {readonly any[]} block
 * @returns {readonly any[]}
 */
function graft(node, shift, index, block) {
  const branch = (index >>> shift) & MASK;
  const copy = node.slice();
  copy[branch] = shift === BITS ? block : graft(node[branch] ?? [], shift - BITS, index, block);
  return copy;
}

/**
 * The tail with one element more. The first list that goes on from a tail puts its element into the same array, where no
 * list before it looks; only a second one needs a copy.
 * @template T
 * @param {readonly T[]} tail
 * @param {number} own how many of its elements belong to the list
 * @param {T} element
 * @returns {readonly T[]}
 */
function extended(tail, own, element) {
  const grown = own > 0 && tail.length === own ? /** @type {T[]} */ (tail) : tail.slice(0, own);
  grown.push(element);
  return grown;
}

/**
 * @template T
 * @param {readonly T[]} block
 * @param {number} index
 * @param {T} element
 * @returns {readonly T[]} the block with another element there
 */
function replaced(block, index, element) {
  const copy = block.slice();
  copy[index] = element;
  return copy;
}
