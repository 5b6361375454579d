/**
 * The lanes and what lies on them, which the moment one looks at does not change: as long as they stay the same, they
 * are kept as a picture, and a frame costs no more than what moves over them.
 *
 * How it works: a frame that differs from the one before is painted as it is, for nobody knows whether another follows
 * that is like it. The second of two that are alike is painted aside, and from then on shown.
 */

/** @import { Hit, Scene } from "./scene.js" */

export class Backdrop {
  /** What the picture depends on. @type {readonly unknown[]} */
  #grounds = [];
  /** @type {{ picture: HTMLCanvasElement, hits: readonly Hit[] } | null} */
  #kept = null;

  /**
   * @param {Scene} scene nothing is painted yet
   * @param {(scene: Scene) => void} paint
   */
  paint(scene, paint) {
    const grounds = groundsOf(scene);
    const isSame = grounds.every((ground, place) => ground === this.#grounds[place]);
    this.#grounds = grounds;
    if (!isSame) {
      this.#kept = null;
      return paint(scene);
    }
    this.#kept ??= { picture: scene.surface.aside(() => paint(scene)), hits: scene.hits };
    scene.hits = [...this.#kept.hits];
    scene.surface.show(this.#kept.picture);
  }
}

/** @param {Scene} scene */
function groundsOf({ surface, run, layout, range, left, scroll, edge, selection, light, text }) {
  const { width, height, ratio, theme } = surface;
  return [width, height, ratio, theme, run, layout, range.from, range.span, left, scroll, edge, selection, light, text];
}
