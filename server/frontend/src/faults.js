// What the server says of a query that it refused (RFC 9457). No page is needed.

/** @typedef {{title: string, detail: string, hint: string, line: number, column: number}} Fault */

/**
 * Reads a problem body; anything else is its own detail. `line` is 0 when no place is told, else both count from 1.
 * @param {string} text
 * @returns {Fault}
 */
export function fault(text) {
  const none = { title: '', detail: text.trim().slice(0, 2000), hint: '', line: 0, column: 0 };
  try {
    const { title = '', detail = '', hint = '', where = {} } = JSON.parse(text);
    const line = Number.isInteger(where.line) && where.line > 0 ? where.line : 0;
    return { title: String(title), detail: String(detail), hint: String(hint), line, column: line ? Math.max(1, where.column | 0) : 0 };
  } catch {
    return none;
  }
}

/**
 * Returns where a column of the server (code points from 1) is in the editor (UTF-16 units from 0).
 * @param {string} line
 * @param {number} column
 */
export const unit = (line, column) => [...line].slice(0, column - 1).join('').length;
