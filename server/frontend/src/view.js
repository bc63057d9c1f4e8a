// A form that filters a view on the page, and keeps the address a permalink of what is seen.

import { criteria, itemOf, passes } from './filters.js';
import { say } from './words.js';

/** @typedef {import('./filters.js').Criteria} Criteria */

/**
 * Calls `show` now and whenever the form `<form data-view="ID">` changes; without such a form nothing is asked for.
 * @param {string} id of the view
 * @param {(asked: Criteria) => void} show
 */
export function filtered(id, show) {
  const form = /** @type {HTMLFormElement|null} */ (id && document.querySelector(`form[data-view="${CSS.escape(id)}"]`));
  const read = () => criteria(form ? /** @type {any} */ ([...form.elements]) : []);
  form?.addEventListener('input', () => {
    show(read());
    remember(form);
  });
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    show(read());
    remember(form);
  });
  form?.addEventListener('reset', () => setTimeout(() => {
    show(read());
    remember(form);
  }));
  show(read());
}

/**
 * Lets the form of a drawing filter its parts, and the rows of its twin table.
 * @param {SVGSVGElement} svg
 */
export function filteredDrawing(svg) {
  filtered(svg.id, (asked) => {
    leaveOut(svg.id, asked);
    const all = svg.querySelectorAll('[data-in]').length;
    tellShown(svg.id, { n: svg.querySelectorAll('[data-in]:not(.out)').length, all });
  });
}

/**
 * Gives class "out" to every element with data-in="ID" that the criteria leave out, and tells how many are in.
 * @param {string} id
 * @param {Criteria} asked
 */
export function leaveOut(id, asked) {
  const items = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-in="${CSS.escape(id)}"]`));
  for (const one of items) one.classList.toggle('out', !passes(itemOf(one.dataset, one.textContent ?? ''), asked));
}

/**
 * Tells how many are shown in [data-shown="ID"], when there is one.
 * @param {string} id
 * @param {{n: number, all: number}} counts
 */
export function tellShown(id, counts) {
  const told = document.querySelector(`[data-shown="${CSS.escape(id)}"]`);
  if (!told) return;
  told.setAttribute('role', 'status');
  told.textContent = say('shown', counts);
}

/** @param {HTMLFormElement} form */
function remember(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) asked.append(name, String(value));
  const query = asked.size ? `?${asked}` : '';
  history.replaceState(history.state, '', `${location.pathname}${query}${location.hash}`);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a[data-follows-view]'))) {
    link.search = query; // downloads of what is seen
  }
}
