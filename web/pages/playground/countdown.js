/**
 * Seconds that run down before the reader's eyes: until a place in the line is reached, until the server is asked again.
 */

export class Countdown {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticks;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #end;

  /**
   * Begins anew; what ran down before is forgotten.
   * @param {number} seconds
   * @param {(left: number) => void} tick told the whole seconds that are left, now and with each of them; the last is 1
   * @param {() => void} [over] done when they have passed
   */
  begin(seconds, tick, over = () => {}) {
    this.cancel();
    const until = performance.now() + seconds * 1000;
    const tell = () => tick(Math.max(1, Math.ceil((until - performance.now()) / 1000)));
    this.#ticks = setInterval(tell, 1000);
    this.#end = setTimeout(() => {
      this.cancel();
      over();
    }, seconds * 1000);
    tell();
  }

  /** Lets it be. */
  cancel() {
    clearInterval(this.#ticks);
    clearTimeout(this.#end);
  }
}
