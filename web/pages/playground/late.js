/**
 * An element that stands in the page and is fetched once there is something for it to show, so that a first view need
 * not wait for it. Until then nothing of it is seen.
 */

/**
 * @template V
 * @template {HTMLElement & { view: V }} E
 */
export class Late {
  /** The element, once it is there. @type {E | null} */
  element = null;
  #place;
  #load;
  #isNeeded;
  /** @type {V | null} */
  #view = null;
  /** @type {Promise<void> | null} */
  #loading = null;

  /**
   * @param {HTMLElement} place
   * @param {() => Promise<new () => E>} load
   * @param {(view: V) => boolean} isNeeded whether there is something to show
   */
  constructor(place, load, isNeeded) {
    this.#place = place;
    this.#load = load;
    this.#isNeeded = isNeeded;
  }

  /** @param {V} view */
  set view(view) {
    this.#view = view;
    if (this.element) this.element.view = view;
    else if (this.#isNeeded(view)) this.#loading ??= this.#fetch();
  }

  async #fetch() {
    try {
      const type = await this.#load();
      if (this.#place instanceof type) this.element = this.#place;
      if (this.element && this.#view) this.element.view = this.#view;
    } catch {
      // The server is out of reach, which the page says already; the next wish tries again.
      this.#loading = null;
    }
  }
}
