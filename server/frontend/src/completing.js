// Completers of the editor, which know our own data instead of asking other hosts.

import { element } from './elements.js';
import { matching, shortened } from './terms.js';

/** @typedef {import('./terms.js').Term} Term */

const MOST = 60;
const LEAST = 2; // characters before a name is looked up
const TYPING = new Set(['a', 'rdf:type', 'rdfs:subClassOf', 'rdfs:domain', 'rdfs:range']);

/**
 * Makes Yasqe complete from these addresses, and from nowhere else.
 * @param {any} Yasqe
 * @param {{completions: string, search: string}} addresses
 * @returns {() => Record<string, string>} the prefixes as far as they are known yet
 */
export function completeFrom(Yasqe, { completions, search }) {
  /** @type {Record<string, string>} */
  let prefixes = {};
  /** @type {Map<string, Term>} */
  const known = new Map();
  const asked = new Map();

  /** @param {string} kind @param {string} [q] @returns {Promise<{completions: Term[], more?: boolean}>} */
  function ask(kind, q = '') {
    const url = new URL(completions, location.href);
    url.searchParams.set('kind', kind);
    if (q) url.searchParams.set('q', q);
    if (!asked.has(url.href)) asked.set(url.href, json(url).catch(() => (asked.delete(url.href), { completions: [] })));
    return asked.get(url.href);
  }

  /** @param {string} kind @param {any} token */
  async function terms(kind, token) {
    await learned();
    const whole = await ask(kind);
    const word = bare(token);
    const found = whole.more ? (await ask(kind, word.replace(/^.*:/, ''))).completions : whole.completions;
    return remembered(matching(found, { iri: iriOf(token), word }).slice(0, MOST));
  }

  async function learned() {
    const { completions: found } = await ask('prefix');
    prefixes = Object.fromEntries(found.map(({ prefix, iri }) => [prefix, iri]));
  }

  /** @param {any} token */
  async function entities(token) {
    await learned();
    const url = new URL(search, location.href);
    url.searchParams.set('q', bare(token).replace(/^.*:/, '').replace(/[-_<>/]/g, ' ').trim());
    url.searchParams.set('limit', '20');
    const { hits } = await json(url);
    return remembered(hits);
  }

  /** @param {Term[]} found */
  function remembered(found) {
    for (const term of found) known.set(term.iri, term);
    return found.map((term) => term.iri);
  }

  const shared = {
    persistenceId: null,
    bulk: false,
    preProcessToken: (/** @type {any} */ yasqe) => {
      const { text, start, end } = typed(yasqe);
      const own = { ...prefixes, ...yasqe.getPrefixesFromQuery() };
      return { string: text, autocompletionString: text, own, from: { ch: start }, to: { ch: end } };
    },
    postProcessSuggestion: (/** @type {any} */ yasqe, /** @type {any} */ _token, /** @type {string} */ iri) => {
      const own = yasqe.getPrefixesFromQuery();
      const inQuery = shortened(iri, own);
      const free = Object.fromEntries(Object.entries(prefixes).filter(([prefix]) => !(prefix in own)));
      return inQuery.startsWith('<') ? shortened(iri, free) : inQuery;
    },
    postprocessHints: (/** @type {any} */ _yasqe, /** @type {any[]} */ hints) => hints.map((hint) => ({ ...hint, render: rendered(known, prefixes) })),
  };
  /**
   * @param {string} name
   * @param {string} position
   * @param {(token: any) => Promise<string[]>} get
   */
  const completer = (name, position, get) =>
    Yasqe.forkAutocompleter('class', {
      ...shared,
      name,
      isValidCompletionPosition: (/** @type {any} */ yasqe) => positionOf(yasqe) === position,
      get: (/** @type {any} */ _, /** @type {any} */ token) => get(token),
    });
  Yasqe.forkAutocompleter('prefixes', {
    name: 'own-prefixes',
    persistenceId: null,
    get: async () => {
      await learned();
      return Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort();
    },
  });
  completer('own-classes', 'class', (token) => terms('class', token));
  completer('own-properties', 'property', (token) => terms('property', token));
  completer('own-entities', 'entity', entities);
  Yasqe.defaults.autocompleters = ['variables', 'own-prefixes', 'own-classes', 'own-properties', 'own-entities'];
  return () => prefixes;
}

/**
 * Returns what can be completed at the cursor: a class, a property, an entity, or nothing ("").
 * Goes by the state of the grammar before the word, for a word that is no token yet spoils the state after it.
 * @param {any} yasqe
 */
function positionOf(yasqe) {
  const { text, start, line } = typed(yasqe);
  const { state, type } = yasqe.getTokenAt({ line, ch: start }, true);
  if (/^["'?$\d]/.test(text) || type === 'comment' || /string/.test(type ?? '')) return '';
  const possible = state.possibleNext ?? [];
  if (state.inPrefixDecl || (/:$/.test(text) && !possible.includes('PNAME_LN') && !possible.includes('a'))) return '';
  if (possible.includes('a')) return 'property';
  if (!possible.some((/** @type {string} */ name) => /^(IRI_REF|IRIREF|PNAME_LN)$/.test(name))) return '';
  if (TYPING.has(state.lastProperty)) return 'class';
  return bare({ string: text }).replace(/^.*:/, '').length >= LEAST ? 'entity' : '';
}

/** Returns the word that ends at the cursor. @param {any} yasqe */
function typed(yasqe) {
  const { line, ch: end } = yasqe.getDoc().getCursor();
  const before = yasqe.getDoc().getLine(line).slice(0, end);
  const text = /(?:<[^<>\s]*|[^\s<>{}()\[\],;|^"'!*+=]*)$/u.exec(before)?.[0] ?? '';
  return { text, start: end - text.length, end, line };
}

/** @param {any} token */
const bare = (token) => token.string.trim().replace(/^<|>$/g, '');

/** What was typed as an IRI, "" when it is a word. @param {any} token */
function iriOf(token) {
  const text = token.string.trim();
  if (text.startsWith('<')) return bare(token);
  const [, prefix, rest] = /^([^:\s]*):(.*)$/.exec(text) ?? [];
  return prefix !== undefined && token.own?.[prefix] ? token.own[prefix] + rest : '';
}

/** @param {Map<string, Term>} known @param {Record<string, string>} prefixes */
function rendered(known, prefixes) {
  return (/** @type {HTMLElement} */ row, /** @type {any} */ _self, /** @type {any} */ hint) => {
    const term = [...known.values()].find(({ iri }) => hint.text === `<${iri}>` || hint.text === shortened(iri, prefixes));
    row.append(element('span', { class: 'hint-term' }, hint.text));
    if (term?.label) row.append(' ', element('span', { class: 'hint-label', dir: 'auto' }, term.label));
  };
}

/** @param {URL} url */
async function json(url) {
  const response = await fetch(url, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
  return response.json();
}
