// How the cells of a column are compared, and which rows a filter keeps. No page is needed.

import { folded } from './folding.js';

const NUMBER = /^[-+]?(\d{1,3}([ ,\u00a0\u202f]\d{3})+|\d+)(\.\d+)?$/;

/**
 * Returns the sort keys of a column: numbers when every cell that says something is one, else texts.
 * @param {string[]} cells
 * @returns {(number|string|null)[]}
 */
export function keys(cells) {
  const said = cells.map((cell) => cell.trim());
  const numbers = said.every((cell) => cell === '' || NUMBER.test(cell));
  return said.map((cell) => (cell === '' ? null : numbers ? Number(cell.replace(/[ ,\u00a0\u202f]/g, '')) : cell));
}

/**
 * Returns the order of rows by a column; empty cells come last either way, equal rows keep their order.
 * @param {(number|string|null)[]} column
 * @param {'ascending'|'descending'} direction
 * @param {string} [language]
 */
export function order(column, direction, language) {
  const collator = new Intl.Collator(language || undefined, { numeric: true, sensitivity: 'base' });
  const sign = direction === 'descending' ? -1 : 1;
  return column
    .map((_, row) => row)
    .sort((a, b) => {
      const [x, y] = [column[a], column[b]];
      if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b;
      const by = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
      return sign * by || a - b;
    });
}

/**
 * Tells whether a text has all words of a question, whatever the case and accents.
 * @param {string} text
 * @param {string} question
 */
export function has(text, question) {
  const { letters } = folded(text);
  return folded(question).letters.split(/\s+/).every((word) => letters.includes(word));
}
