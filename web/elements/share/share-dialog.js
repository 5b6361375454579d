/**
 * `<share-dialog>`: what can be given away of what the page shows. Links with their QR code, the code of an embed with a
 * live preview, files.
 *
 * How it works: the dialog keeps the reader's choices; each changes what stands in the fields. It copies by the wish
 * `copy`, whose answer it is told by {@link ShareDialog.copied}.
 *
 * @import { Kept } from "../../protocol.js"
 * @import { TextTable } from "../../base/text.js"
 * @import { CodeKind, Frame, Shared } from "../../model/share.js"
 */

import { say } from "../../base/text.js";
import { canHaveMoment, CODES, codeOf, codePicture, embedLink, filesOf, HEIGHTS, offlineFile, pageLink } from "../../model/share.js";
import { h, wish } from "../dom.js";

/** How long a button says that something was copied. */
const SAID_MS = 2000;

/**
 * @typedef {object} ShareView
 * @property {TextTable} text
 * @property {Shared} shared
 * @property {boolean} hasTasks
 * @property {boolean} hasPng
 * @property {Kept | null} kept what became of the run's recording; null as long as it goes on
 */

export class ShareDialog extends HTMLElement {
  #dialog = h("dialog", { class: "panel sharing" });
  /** @type {ShareView | null} */
  #view = null;
  #link = { isRun: false, hasMoment: false };
  /** @type {Frame} */
  #frame = { view: "full", start: "click", theme: "auto", isRun: false, hasMoment: false };
  /** @type {CodeKind} */
  #kind = "iframe";
  #address = h("input", { type: "text", class: "line", readonly: true, onfocus: selectAll });
  #picture = h("img", { class: "qr", width: 132, height: 132 });
  #code = h("textarea", { class: "line", rows: 4, readonly: true, spellcheck: "false", onfocus: selectAll });
  #hint = h("p", { class: "hint" });
  #lasting = h("p", { class: "hint", id: "share-lasting" });
  #file = h("p", { class: "hint" });
  #atMoment = h("div");
  #preview = h("iframe", { sandbox: "allow-scripts allow-popups", loading: "lazy" });

  connectedCallback() {
    this.append(this.#dialog);
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    // A preview that nobody sees has no business to run.
    this.#dialog.addEventListener("close", () => this.#preview.removeAttribute("src"));
  }

  /** @param {ShareView} view */
  open(view) {
    this.#view = view;
    const isRun = view.shared.run !== null;
    this.#link = { isRun, hasMoment: false };
    // A post outlives a run that is kept for some days: what lasts is offered first.
    this.#frame = { ...this.#frame, isRun: false, hasMoment: false };
    this.#dialog.setAttribute("aria-label", say(view.text, "share.title"));
    this.#dialog.replaceChildren(this.#head(view), this.#links(view), this.#embeds(view), files(view));
    this.#show();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /**
   * A wish to copy was heard.
   * @param {HTMLElement} button that was pressed
   * @param {boolean} isDone
   */
  copied(button, isDone) {
    const text = this.#view?.text;
    if (text === undefined) return;
    button.textContent = say(text, isDone ? "share.copied" : "share.failed");
    setTimeout(() => (button.textContent = say(text, "share.copy")), SAID_MS);
  }

  /** @param {ShareView} view */
  #head({ text }) {
    const words = say(text, "share.close");
    const close = h("button", { type: "button", class: "button quiet small", "aria-label": words, title: words, onclick: () => this.#dialog.close() }, "×");
    return h("div", { class: "head" }, h("h2", {}, say(text, "share.title")), close);
  }

  /** @param {ShareView} view */
  #links({ text, shared }) {
    const set = (/** @type {Partial<{ isRun: boolean, hasMoment: boolean }>} */ part) => {
      this.#link = { ...this.#link, ...part };
      this.#show();
    };
    const whats = shared.run === null ? [] : [segments(say(text, "share.what"), ["run", "scenario"], (what) => say(text, `share.what.${what}`), "run", (what) => set({ isRun: what === "run" }))];
    const moments = Object.keys(shared.moment).length === 0 ? [] : [check(say(text, "share.moment"), (hasMoment) => set({ hasMoment }))];
    this.#address.setAttribute("aria-label", say(text, "share.link"));
    this.#picture.alt = say(text, "share.qr");
    const fields = h("div", {}, h("div", { class: "choices" }, ...whats, ...moments), this.#copyable(text, this.#address), h("p", { class: "hint" }, say(text, shared.run === null ? "share.kept.recorded" : "share.kept.run")));
    return h("section", { class: "links" }, h("h3", {}, say(text, "share.link")), h("div", { class: "beside" }, fields, this.#picture));
  }

  /** @param {ShareView} view */
  #embeds({ text, shared }) {
    const set = (/** @type {Partial<Frame>} */ part) => {
      this.#frame = { ...this.#frame, ...part };
      this.#show();
    };
    const kind = (/** @type {CodeKind} */ chosen) => {
      this.#kind = chosen;
      this.#show();
    };
    const whats = shared.run === null ? [] : [segments(say(text, "share.frame"), ["scenario", "run"], (what) => say(text, `share.frame.${what}`), "scenario", (what) => set({ isRun: what === "run" }))];
    this.#atMoment.replaceChildren(check(say(text, "share.moment"), (hasMoment) => set({ hasMoment })));
    const choices = [
      ...whats,
      segments(say(text, "share.view"), ["full", "simple"], (view) => say(text, `share.view.${view}`), this.#frame.view, (view) => set({ view })),
      segments(say(text, "share.start"), ["click", "auto", "replay"], (start) => say(text, `share.start.${start}`), this.#frame.start, (start) => set({ start })),
      segments(say(text, "share.theme"), ["auto", "light", "dark"], (theme) => say(text, `share.theme.${theme}`), this.#frame.theme, (theme) => set({ theme })),
    ];
    this.#code.setAttribute("aria-label", say(text, "share.code"));
    this.#preview.title = say(text, "share.preview");
    return h("section", { class: "embeds" }, h("h3", {}, say(text, "share.embed")), h("div", { class: "choices" }, ...choices),
      this.#atMoment, this.#lasting, segments(say(text, "share.code"), CODES, (one) => say(text, `share.code.${one}`), this.#kind, kind), this.#copyable(text, this.#code), this.#hint, this.#file,
      h("details", { ontoggle: () => this.#show() }, h("summary", {}, say(text, "share.preview")), this.#preview));
  }

  /** @param {TextTable} text @param {HTMLInputElement | HTMLTextAreaElement} field */
  #copyable(text, field) {
    const button = h("button", { type: "button", class: "button", onclick: () => wish(this, "copy", { text: field.value, button }) }, say(text, "share.copy"));
    return h("div", { class: "copyable" }, field, button);
  }

  /** Puts what the choices mean into the fields. */
  #show() {
    if (this.#view === null) return;
    const { shared } = this.#view;
    const link = pageLink(shared, this.#link);
    if (this.#address.value !== link) {
      this.#address.value = link;
      this.#picture.src = codePicture(link);
    }
    this.#showCode(this.#view);
  }

  /** @param {ShareView} view */
  #showCode({ text, shared, kept }) {
    const canMoment = canHaveMoment(shared, this.#frame);
    const frame = { ...this.#frame, hasMoment: this.#frame.hasMoment && canMoment };
    this.#atMoment.hidden = !canMoment;
    this.#code.value = codeOf(this.#kind, shared, frame);
    this.#hint.textContent = say(text, `share.code.${this.#kind}.hint`);
    const isFile = this.#kind === "file";
    this.#lasting.textContent = isFile ? say(text, "share.frame.file") : frame.isRun ? keptWords(text, shared.lang, kept) : say(text, "share.frame.scenario.hint");
    this.#file.replaceChildren(...(isFile ? [h("a", { class: "button small", href: offlineFile(shared, frame), download: "" }, say(text, "share.frame.download"))] : []));
    const isSeen = this.#dialog.querySelector("details")?.open ?? false;
    const source = embedLink({ ...shared, origin: "" }, frame);
    this.#preview.style.height = `${HEIGHTS[frame.view]}px`;
    if (isSeen && this.#preview.getAttribute("src") !== source) this.#preview.src = source;
  }
}

/**
 * For how long an embed can show this very run, and what it shows then.
 * @param {TextTable} text
 * @param {string} lang
 * @param {Kept | null} kept
 * @returns {string}
 */
function keptWords(text, lang, kept) {
  if (kept === null) return say(text, "share.frame.run.some");
  if (kept.not !== undefined) return say(text, "share.frame.run.not");
  if (kept.until_unix_ms === undefined) return say(text, "share.frame.run.ever");
  return say(text, "share.frame.run.until", { date: new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(kept.until_unix_ms) });
}

/** @param {globalThis.Event} event */
function selectAll({ target }) {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select();
}

/** @param {string} words @param {(isOn: boolean) => void} chosen */
function check(words, chosen) {
  const box = h("input", { type: "checkbox", onchange: () => chosen(box.checked) });
  return h("label", { class: "check" }, box, words);
}

/**
 * One of several.
 * @template {string} T
 * @param {string} legend what all are about
 * @param {readonly T[]} options
 * @param {(option: T) => string} words
 * @param {T} chosen
 * @param {(option: T) => void} choose
 */
function segments(legend, options, words, chosen, choose) {
  const one = (/** @type {T} */ option) => {
    const radio = h("input", { type: "radio", name: legend, value: option, checked: option === chosen, onchange: () => choose(option) });
    return h("label", {}, radio, h("span", {}, words(option)));
  };
  return h("fieldset", {}, h("legend", {}, legend), h("div", { class: "segments" }, ...options.map(one)));
}

/** @param {ShareView} view */
function files({ text, shared, hasTasks, hasPng }) {
  const row = (/** @type {{ name: string, href: string }} */ { name, href }) =>
    h("li", {}, h("a", { href, download: "" }, say(text, `share.file.${name}`)), h("span", { class: "hint" }, say(text, `share.file.${name}.hint`)));
  return h("section", { class: "files" }, h("h3", {}, say(text, "share.files")), h("ul", {}, ...filesOf(shared, { hasTasks, hasPng }).map(row)));
}

customElements.define("share-dialog", ShareDialog);
