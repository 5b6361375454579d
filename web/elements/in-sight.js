/**
 * Which rows of a list can be seen where it scrolls: those are filled at once, the others when they come into sight, and
 * within a second in any case.
 *
 * How it works: all rows are of one height, so a row's place says where it is, and nothing is measured in a frame.
 */

/** Rows beyond each edge that count as seen, so that scrolling does not show old words. */
const SPARE = 3;
/** How late a row may be, in ms. */
const LATE_MS = 1000;

/** @typedef {{ place: number, fill: () => void }} Late what is not done yet for a row */

export class RowsInSight {
  #scroller;
  #rows;
  #top = 0;
  #height = 0;
  #rowHeight = 0;
  /** @type {Map<Element, Late>} */
  #late = new Map();
  /** @type {WeakSet<Element>} */
  #known = new WeakSet();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows in it, whose children are the rows
   */
  constructor(scroller, rows) {
    this.#scroller = scroller;
    this.#rows = rows;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    const observer = new ResizeObserver((entries) => this.#measure(entries));
    observer.observe(scroller);
    observer.observe(rows);
  }

  /**
   * Fills a row now if it is new or can be seen, else soon.
   * @param {Element} row
   * @param {number} place
   * @param {() => void} fill
   */
  fill(row, place, fill) {
    if (!this.#known.has(row) || this.#isSeen(place)) {
      this.#known.add(row);
      this.#late.delete(row);
      return fill();
    }
    this.#late.set(row, { place, fill });
    this.#timer ??= setTimeout(() => this.#catchUp(() => true), LATE_MS);
  }

  /** @param {number} place */
  #isSeen(place) {
    const top = place * this.#rowHeight - this.#top;
    const spare = SPARE * this.#rowHeight;
    return top + this.#rowHeight > -spare && top < this.#height + spare;
  }

  #look() {
    this.#top = this.#scroller.scrollTop;
    this.#catchUp((place) => this.#isSeen(place));
  }

  /** @param {readonly ResizeObserverEntry[]} entries */
  #measure(entries) {
    for (const { target, contentRect } of entries) {
      if (target === this.#scroller) this.#height = contentRect.height;
      else this.#rowHeight = contentRect.height / Math.max(1, this.#rows.childElementCount);
    }
    this.#look();
  }

  /** @param {(place: number) => boolean} isDue */
  #catchUp(isDue) {
    for (const [row, { place, fill }] of this.#late) {
      if (!isDue(place)) continue;
      this.#late.delete(row);
      if (row.isConnected) fill();
    }
    if (this.#late.size === 0) this.#timer = void clearTimeout(this.#timer);
  }
}
