/**
 * `<time-notes>`, which is fetched once there is something to note.
 *
 * @import { NotesView, TimeNotes } from "../../elements/time-notes.js"
 */

export class Notes {
  #place;
  /** @type {NotesView | null} */
  #view = null;
  /** @type {Promise<TimeNotes | null> | null} */
  #loaded = null;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  /** @param {NotesView} view */
  set view(view) {
    this.#view = view;
    if (view.marks.length > 0 || view.range !== null) this.#loaded ??= this.#load();
    void this.#loaded?.then((notes) => {
      if (notes && this.#view) notes.view = this.#view;
    });
  }

  async #load() {
    try {
      const { TimeNotes } = await import("../../elements/time-notes.js");
      return this.#place instanceof TimeNotes ? this.#place : null;
    } catch {
      // The server is out of reach, which the page says already; another mark tries again.
      this.#loaded = null;
      return null;
    }
  }
}
