/** Times and sizes as people read them. Digits are the same in both languages. */

/**
 * A span of time with its unit, three digits at most: `640 µs`, `12.5 ms`, `0.63 s`.
 * @param {number} us microseconds
 * @returns {string}
 */
export function duration(us) {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 100_000) return `${threeDigits(us / 1000)} ms`;
  return `${threeDigits(us / 1_000_000)} s`;
}

/**
 * A moment of a run in seconds: `2.05`.
 * @param {number} us microseconds since the run began
 * @param {number} [digits] after the point
 * @returns {string}
 */
export function seconds(us, digits = 2) {
  return (us / 1_000_000).toFixed(digits);
}

/**
 * Memory: `980 KiB`, `2.1 MiB`.
 * @param {number} kib
 * @returns {string}
 */
export function memory(kib) {
  return kib < 1024 ? `${kib} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/** @param {number} value */
function threeDigits(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
