/**
 * Which rows of a list can be seen where it scrolls: those are filled at once, the others when they come into sight, and
 * a few in each frame: new ones from the next on, and what has changed within a second. Paper gets all.
 *
 * How it works: all rows are of one height, so a row's place says where it is, and nothing is measured in a frame.
 */

/** Rows beyond each edge that count as seen, so that scrolling does not show old words. */
const SPARE = 3;
/** How late what has changed may be, in ms. */
const LATE_MS = 1000;
/** How many rows out of sight are filled in a frame. */
const PORTION = 4;

let isPrinting = matchMedia("print").matches;
addEventListener("beforeprint", () => void (isPrinting = true));
addEventListener("afterprint", () => void (isPrinting = false));

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
  /** @type {ReturnType<typeof setTimeout> | undefined} Until changes are due. */
  #timer;
  /** @type {Element[]} Rows whose turn has come. */
  #due = [];
  #frame = 0;

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
   * Fills a row now if it can be seen, else soon.
   * @param {Element} row
   * @param {number} place
   * @param {() => void} fill
   */
  fill(row, place, fill) {
    if (isPrinting || this.#isSeen(place)) return this.#fill(row, fill);
    const isNew = !this.#known.has(row) && !this.#late.has(row);
    this.#late.set(row, { place, fill });
    if (isNew) this.#ask(row);
    else this.#wait();
  }

  /**
   * @param {Element} row
   * @param {() => void} fill
   */
  #fill(row, fill) {
    this.#known.add(row);
    this.#late.delete(row);
    fill();
  }

  /** @param {number} place */
  #isSeen(place) {
    const top = place * this.#rowHeight - this.#top;
    const spare = SPARE * this.#rowHeight;
    return top + this.#rowHeight > -spare && top < this.#height + spare;
  }

  #look() {
    this.#top = this.#scroller.scrollTop;
    for (const [row, { place }] of this.#late) if (this.#isSeen(place)) this.#catchUp(row);
  }

  /** @param {readonly ResizeObserverEntry[]} entries */
  #measure(entries) {
    for (const { target, contentRect } of entries) {
      if (target === this.#scroller) this.#height = contentRect.height;
      else this.#rowHeight = contentRect.height / Math.max(1, this.#rows.childElementCount);
    }
    this.#look();
  }

  /** In a while the turn of all comes that are late then; what changes meanwhile waits for the next turn. */
  #wait() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#ask(...this.#late.keys());
    }, LATE_MS);
  }

  /** @param {...Element} rows whose turn has come, a portion in each frame */
  #ask(...rows) {
    this.#due.push(...rows);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#goOn());
  }

  #goOn() {
    this.#frame = 0;
    for (const row of this.#due.splice(0, PORTION)) this.#catchUp(row);
    if (this.#due.length > 0) this.#ask();
  }

  /** @param {Element} row */
  #catchUp(row) {
    const late = this.#late.get(row);
    if (late && row.isConnected) this.#fill(row, late.fill);
    else this.#late.delete(row);
  }
}
