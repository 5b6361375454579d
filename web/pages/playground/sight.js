/**
 * Which views can be seen: their panel is in the window or near it, and not behind a tab. What cannot be seen need not be
 * shown anew with every frame.
 */

/** How near to the window a panel counts as in it: so far one scrolls in a frame or two. */
const NEAR = "160px";

export class Sight {
  /** @type {Set<Element>} */
  #unseen = new Set();

  /**
   * @param {readonly Element[]} views each in its panel
   * @param {() => void} appeared called when a panel comes into sight
   */
  constructor(views, appeared) {
    const observer = new IntersectionObserver((entries) => this.#look(entries) && appeared(), { rootMargin: NEAR });
    for (const panel of new Set(views.map(panelOf))) observer.observe(panel);
  }

  /**
   * What gives a view its data if it can be seen; as long as nothing is known, it can.
   * @param {boolean} isWhole whether also when it cannot
   * @returns {<D>(view: Element & { view: D }, data: D) => void}
   */
  shower(isWhole) {
    return (view, data) => {
      if (isWhole || !this.#unseen.has(panelOf(view))) view.view = data;
    };
  }

  /**
   * @param {readonly IntersectionObserverEntry[]} entries
   * @returns {boolean} whether something came into sight
   */
  #look(entries) {
    for (const { target } of entries.filter(({ isIntersecting }) => !isIntersecting)) this.#unseen.add(target);
    return entries.filter(({ target, isIntersecting }) => isIntersecting && this.#unseen.delete(target)).length > 0;
  }
}

/**
 * The panel: a view may hide itself, and could then never be seen again.
 * @param {Element} view
 */
function panelOf(view) {
  return view.closest(".panel") ?? view;
}
