// Completions of the editor: terms of our own data. No page is needed.

import { folded } from './folding.js';

/** @typedef {{iri: string, label?: string, prefix?: string}} Term */

/**
 * Returns the terms that a piece of a query means, the likeliest first: an IRI's beginning, a prefixed name's, words of a label.
 * @param {Term[]} terms
 * @param {{iri: string, word: string}} asked the piece as an IRI ("" when it is none) and as typed
 */
export function matching(terms, { iri, word }) {
  const rest = word.replace(/^.*:/, '');
  const namespace = iri ? iri.slice(0, iri.length - rest.length) : '';
  const wanted = folded(rest.replace(/[-_]/g, ' ')).letters.trim();
  return terms
    .filter((term) => term.iri.startsWith(namespace))
    .map((term) => ({ term, rank: rankOf(term, wanted, iri) }))
    .filter(({ rank }) => rank < NONE)
    .sort((a, b) => a.rank - b.rank || a.term.iri.length - b.term.iri.length || (a.term.iri < b.term.iri ? -1 : 1))
    .map(({ term }) => term);
}

const NONE = 4;

/** @param {Term} term @param {string} wanted @param {string} iri */
function rankOf({ iri: own, label = '' }, wanted, iri) {
  if (!wanted || (iri && own.startsWith(iri))) return 0;
  const name = folded(local(own)).letters;
  if (name.startsWith(wanted)) return 1;
  const words = folded(`${split(local(own))} ${label}`).letters;
  if (` ${words}`.includes(` ${wanted}`)) return 2;
  return words.includes(wanted) ? 3 : NONE;
}

/**
 * Returns an IRI as a prefixed name, in <> when none of the prefixes fits or the rest is no local name.
 * @param {string} iri
 * @param {Record<string, string>} prefixes
 */
export function shortened(iri, prefixes) {
  let best = '';
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (namespace && iri.startsWith(namespace) && namespace.length > (prefixes[best]?.length ?? 0)) best = prefix;
  }
  const rest = best in prefixes ? iri.slice(prefixes[best].length) : '';
  return /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(rest) ? `${best}:${rest}` : `<${iri}>`;
}

/** @param {string} iri */
const local = (iri) => iri.split(/[#/]/).pop() ?? '';

/** @param {string} name */
const split = (name) => `${name} ${name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')}`;
