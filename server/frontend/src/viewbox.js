// The part of a picture that is seen. No page is needed.

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * Returns the box that is `factor` times as close, with the point (x, y) where it was; never more than the whole.
 * @param {Box} whole
 * @param {Box} seen
 * @param {{factor: number, x: number, y: number, most: number}} how `most` is the largest enlargement
 * @returns {Box}
 */
export function zoomed(whole, seen, { factor, x, y, most }) {
  const width = Math.min(whole.width, Math.max(whole.width / most, seen.width / factor));
  const real = seen.width / width;
  const height = seen.height / real;
  return kept(whole, { x: x - (x - seen.x) / real, y: y - (y - seen.y) / real, width, height });
}

/**
 * Returns the box moved by (x, y), but not out of the picture.
 * @param {Box} whole
 * @param {Box} seen
 * @param {{x: number, y: number}} by
 * @returns {Box}
 */
export const moved = (whole, seen, { x, y }) => kept(whole, { ...seen, x: seen.x + x, y: seen.y + y });

/** @param {Box} whole @param {Box} seen @returns {Box} */
function kept(whole, seen) {
  const within = (/** @type {number} */ at, /** @type {number} */ low, /** @type {number} */ high) =>
    Math.max(low, Math.min(at, high));
  return {
    ...seen,
    x: within(seen.x, whole.x, whole.x + whole.width - seen.width),
    y: within(seen.y, whole.y, whole.y + whole.height - seen.height),
  };
}
