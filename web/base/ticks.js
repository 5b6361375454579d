/** Round numbers for axes and histograms: 1, 2 or 5 times a power of ten. */

/**
 * The smallest round step that cuts a range into at most so many parts.
 * @param {number} range more than 0
 * @param {number} parts
 * @returns {number}
 */
export function roundStep(range, parts) {
  const least = range / parts;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * Round numbers from 0 up to the first that is not less than the highest.
 * @param {number} highest not negative
 * @param {number} [parts] how many steps at most
 * @returns {number[]}
 */
export function ticksTo(highest, parts = 5) {
  const step = highest > 0 ? roundStep(highest, parts) : 1;
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, place) => tidy(place * step));
}

/** @param {number} value without the dust of binary fractions */
export function tidy(value) {
  return Number(value.toPrecision(12));
}

/**
 * The middle one of some numbers; of two middle ones their mean.
 * @param {readonly number[]} numbers at least one
 * @returns {number}
 */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
