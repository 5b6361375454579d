/**
 * How long to wait before the next attempt: 100 ms · 2ⁿ up to 10 s, with full jitter, so that 300 pages whose network
 * broke at once do not come back at once.
 */

const FIRST_MS = 100;
const MOST_MS = 10_000;

/**
 * @param {number} attempt 0, 1, 2 …
 * @param {() => number} random 0 ≤ x < 1
 * @returns {number} ms
 */
export function backoff(attempt, random) {
  return random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
}
