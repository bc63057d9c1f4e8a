// Suggestions under the search box: the combobox pattern with a list (WAI-ARIA APG).
//
// Needs  <form action="/search"><input type="search" name="q" data-suggest="/search"></form>
// Asks   GET {data-suggest}?q=…&limit=8  Accept: application/json
// Gets   {"hits": [{"iri", "label", "language", "classes": [IRI, …], "page": path or "", "kind"?: "words for its class"}]}
// Keys   arrows choose, Enter opens the chosen page (or searches), Escape closes, then empties.
// Without JavaScript the form searches.

import './search.css';
import { element, islands } from './elements.js';
import { marked } from './folding.js';
import { say } from './words.js';

const WAIT = 120; // ms after the last key
const MOST = 8;
const KEPT = 60; // answers
let boxes = 0;

/** @param {HTMLInputElement} input */
function start(input) {
  const id = `suggestions-${(boxes += 1)}`;
  const list = element('ul', { id, role: 'listbox', class: 'suggestions', 'aria-label': say('suggestions'), hidden: true });
  const told = element('p', { class: 'suggestions-told', role: 'status' });
  const holder = element('span', { class: 'suggesting' });
  /** @type {Map<string, any[]>} */
  const known = new Map();
  /** @type {AbortController|null} */
  let asking = null;
  let timer = 0;
  let chosen = -1;
  let typed = input.value;

  const focused = document.activeElement === input;
  input.replaceWith(holder);
  holder.append(input, list, told);
  if (focused) input.focus();
  for (const [name, value] of Object.entries({
    role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false',
    autocapitalize: 'off', spellcheck: 'false',
  })) input.setAttribute(name, value);

  /** @param {string} question */
  async function hits(question) {
    const found = known.get(question);
    if (found) return found;
    asking?.abort();
    asking = new AbortController();
    const url = new URL(input.dataset.suggest || '/search', location.href);
    url.searchParams.set('q', question);
    url.searchParams.set('limit', String(MOST));
    const response = await fetch(url, { headers: { Accept: 'application/json' }, signal: asking.signal });
    if (!response.ok) return [];
    const answer = (await response.json()).hits;
    if (known.size >= KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
    known.set(question, answer);
    return answer;
  }

  async function suggest() {
    const question = typed.trim();
    if (!question) return close();
    try {
      const found = await hits(question);
      if (typed.trim() === question && document.activeElement === input) show(found, question);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) close();
    }
  }

  /** @param {any[]} found @param {string} question */
  function show(found, question) {
    list.replaceChildren(...found.map((hit, place) => option(hit, question, `${id}-${place}`)));
    choose(-1);
    list.hidden = !found.length;
    input.setAttribute('aria-expanded', String(!list.hidden));
    told.textContent = found.length ? say('found', { n: found.length }) : say('nothing');
  }

  function close() {
    list.hidden = true;
    told.textContent = '';
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    chosen = -1;
  }

  /** @param {number} place */
  function choose(place) {
    chosen = place;
    for (const [at, one] of [...list.children].entries()) one.setAttribute('aria-selected', String(at === place));
    const one = list.children[place];
    if (one) {
      input.setAttribute('aria-activedescendant', one.id);
      one.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
    input.value = /** @type {HTMLElement} */ (one)?.dataset.name ?? typed;
  }

  /** @param {Element|undefined} one */
  function open(one) {
    const page = /** @type {HTMLElement|undefined} */ (one)?.dataset.page;
    close();
    if (page) location.assign(page);
    else input.form?.requestSubmit();
  }

  input.addEventListener('input', (event) => {
    typed = input.value;
    clearTimeout(timer);
    if (!(/** @type {InputEvent} */ (event).isComposing)) timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener('compositionend', () => {
    typed = input.value;
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    const shown = !list.hidden;
    if (event.key === 'ArrowDown' && !shown) suggest();
    else if (event.key === 'ArrowDown') choose(chosen + 1 === count ? -1 : chosen + 1);
    else if (event.key === 'ArrowUp' && shown) choose(chosen === -1 ? count - 1 : chosen - 1);
    else if (event.key === 'Enter' && shown && chosen >= 0) open(list.children[chosen]);
    else if (event.key === 'Escape' && shown) {
      input.value = typed;
      close();
    } else return;
    event.preventDefault();
  });
  input.addEventListener('blur', () => setTimeout(close, 100));
  list.addEventListener('pointerdown', (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener('click', (event) => open(/** @type {Element} */ (event.target).closest('[role=option]') ?? undefined));
}

/** @param {any} hit @param {string} question @param {string} id */
function option(hit, question, id) {
  const name = element('span', { lang: hit.language || null, dir: 'auto', class: 'suggestion-name' });
  name.append(...marked(hit.label, question).map(({ text, hit: named }) => (named ? element('mark', {}, text) : text)));
  const kind = hit.kind ?? tail(hit.classes?.[0] ?? '');
  const children = kind ? [name, ' ', element('small', {}, kind)] : [name];
  const one = element('li', { id, role: 'option', 'aria-selected': 'false' }, ...children);
  one.dataset.page = hit.page ?? '';
  one.dataset.name = hit.label;
  return one;
}

/** @param {string} iri */
function tail(iri) {
  const name = iri.split(/[#/]/).pop() ?? '';
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

islands('input[data-suggest]', start);
