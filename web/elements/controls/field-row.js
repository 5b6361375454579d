/**
 * A row of fields that keeps to one line: those that have no room wait behind a button, which shows them on lines of
 * their own. So no single field is left over on a second line, and the picture below keeps its place.
 *
 * How it works: all are laid out, and as long as something stands on a second line, the last field goes. It is done
 * anew when the row's width changes. In one column, as on a phone, the fields stand below each other and none is hidden.
 */

import { attribute, h, write } from "../dom.js";

const ONE_COLUMN = "(max-width: 1099px)";

export class FieldRow {
  #row;
  #fields;
  #say;
  /** @type {HTMLElement[]} those without room on the line */
  #over = [];
  #isOpen = false;
  #width = 0;
  #further = h("button", { type: "button", class: "button quiet small further", "aria-expanded": "false", hidden: true, onclick: () => this.#turn(!this.#isOpen) });

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.row
   * @param {readonly HTMLElement[]} parts.fields
   * @param {(n: number) => string} parts.say the button's words, for so many fields
   */
  constructor({ row, fields, say }) {
    this.#row = row;
    this.#fields = fields;
    this.#say = say;
    fields.at(-1)?.after(this.#further);
    new ResizeObserver(() => this.#resized()).observe(row);
  }

  #resized() {
    if (this.#row.clientWidth === this.#width) return;
    this.#width = this.#row.clientWidth;
    this.fit();
  }

  /** Finds out anew which fields have room. */
  fit() {
    const holdsFocus = this.#row.contains(document.activeElement) ? document.activeElement : null;
    const shown = [...this.#fields];
    for (const field of shown) field.hidden = false;
    this.#further.hidden = true;
    if (!matchMedia(ONE_COLUMN).matches && this.#isWrapped()) {
      this.#further.hidden = false;
      while (shown.length > 1 && this.#isWrapped()) {
        const last = shown.pop();
        if (last) last.hidden = true;
        shown.at(-1)?.after(this.#further);
      }
    }
    this.#over = this.#fields.slice(shown.length);
    write(this.#further, this.#say(this.#over.length));
    this.#show();
    if (holdsFocus instanceof HTMLElement && holdsFocus !== document.activeElement) holdsFocus.focus();
  }

  /** Shows the fields that one must not miss: changed ones colour the button, wrong ones open it. */
  mind() {
    attribute(this.#further, "data-changed", this.#over.some((field) => field.hasAttribute("data-changed")));
    if (!this.#isOpen && this.#over.some((field) => field.querySelector("[aria-invalid]"))) this.#turn(true);
  }

  /** @param {boolean} isOpen */
  #turn(isOpen) {
    this.#isOpen = isOpen;
    this.#show();
  }

  #show() {
    for (const field of this.#over) field.hidden = !this.#isOpen;
    attribute(this.#further, "aria-expanded", String(this.#isOpen));
  }

  /** Whether something stands on a second line. */
  #isWrapped() {
    const [first] = this.#fields;
    if (!first) return false;
    const below = first.offsetTop + first.offsetHeight;
    return [...this.#row.children].some((child) => child instanceof HTMLElement && child.offsetParent !== null && child.offsetTop >= below);
  }
}
