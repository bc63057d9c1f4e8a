// Which words of a text belong to which facts. No page is needed.

/**
 * Reads a list of keys as attributes have them.
 * @param {string|null|undefined} written
 */
export const listed = (written) => (written ?? '').split(/\s+/).filter(Boolean);

/**
 * Returns the facts to light up after a click on words that several facts rest on: first all of them, then each by itself.
 * @param {string[]} facts of the words
 * @param {string[]} lit what is lit up now
 * @returns {string[]} [] when the light goes out
 */
export function next(facts, lit) {
  const same = facts.length === lit.length && facts.every((fact) => lit.includes(fact));
  if (facts.length === 1) return same ? [] : facts;
  if (same) return [facts[0]];
  if (lit.length !== 1 || !facts.includes(lit[0])) return facts;
  const after = facts.indexOf(lit[0]) + 1;
  return after < facts.length ? [facts[after]] : [];
}

/**
 * Reads the part of an address after #: which passage or fact it names.
 * @param {string} hash
 * @returns {{kind: 'passage'|'fact', key: string}|null}
 */
export function named(hash) {
  const found = /^#(passage|fact)-(.+)$/.exec(hash);
  if (!found) return null;
  try {
    return { kind: /** @type {'passage'|'fact'} */ (found[1]), key: decodeURIComponent(found[2]) };
  } catch {
    return null;
  }
}
