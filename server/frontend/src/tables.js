// Small things of every page: tables, copying, the switch of colours, lists that act at once.
//
// Tables  <table data-sortable> with <thead><th>: click or Enter sorts (aria-sort). <td data-value="2020-11-27"> sorts by that
//         value; <th data-unsorted> is left alone. Sorts the rows that are on the page; a paged table should not ask for it.
// Filter  <input type="search" data-filters="ID of a table" hidden> keeps the rows with all its words; how many are left is told
//         in [data-filtered="ID of the table"] when there is one.
// Copy    <button hidden data-copy="text"> or <button hidden data-copy-from="ID of an element">.
// Colours <button hidden data-theme-switch></button>: system, light, dark; kept in localStorage "theme" (see theme.js).
// Lists   <form data-submits-itself>: submits when a <select> in it changes; its own button may be inside <noscript>.
// Whatever is `hidden` in the page without JavaScript is shown.

import './tables.css';
import { tell, written } from './clipboard.js';
import { element, islands } from './elements.js';
import { has, keys, order } from './sorting.js';
import { say } from './words.js';

/** @param {HTMLTableElement} table */
function sortable(table) {
  for (const [column, head] of [...(table.tHead?.rows[0]?.cells ?? [])].entries()) {
    if (head.dataset.unsorted !== undefined || !head.textContent?.trim()) continue;
    const button = element('button', { type: 'button', class: 'sorts' }, ...head.childNodes);
    head.append(button);
    if (!head.hasAttribute('aria-sort')) head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => sort(table, column));
  }
}

/** @param {HTMLTableElement} table @param {number} column */
function sort(table, column) {
  const heads = [.../** @type {HTMLTableSectionElement} */ (table.tHead).rows[0].cells];
  const direction = heads[column].getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
  for (const body of table.tBodies) {
    const rows = [...body.rows];
    const cells = rows.map((row) => row.cells[column]?.dataset.value ?? row.cells[column]?.textContent ?? '');
    body.append(...order(keys(cells), direction, document.documentElement.lang).map((row) => rows[row]));
  }
  for (const head of heads) if (head.hasAttribute('aria-sort')) head.setAttribute('aria-sort', 'none');
  heads[column].setAttribute('aria-sort', direction);
}

/** @param {HTMLInputElement} input */
function filter(input) {
  const table = /** @type {HTMLTableElement|null} */ (document.getElementById(input.dataset.filters ?? ''));
  if (!table) return;
  input.hidden = false;
  const told = document.querySelector(`[data-filtered="${CSS.escape(table.id)}"]`);
  told?.setAttribute('role', 'status');
  input.addEventListener('input', () => {
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    for (const row of rows) row.hidden = !has(row.textContent ?? '', input.value);
    const left = rows.filter((row) => !row.hidden).length;
    if (told) told.textContent = input.value.trim() ? say('rows', { n: left, all: rows.length }) : '';
  });
}

/** @param {HTMLButtonElement} button */
function copy(button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const { copy: text, copyFrom } = button.dataset;
    const from = copyFrom ? document.getElementById(copyFrom) : null;
    const copied = await written(text ?? /** @type {any} */ (from)?.value ?? from?.textContent ?? '');
    tell(button, say(copied ? 'copied' : 'copyFailed'));
  });
}

/** @param {HTMLButtonElement} button */
function themeSwitch(button) {
  const themes = ['system', 'light', 'dark'];
  const root = document.documentElement;
  const show = () => {
    const theme = root.dataset.theme ?? 'system';
    button.dataset.themeSwitch = theme;
    button.title = say(`theme${theme[0].toUpperCase()}${theme.slice(1)}`);
    button.setAttribute('aria-label', button.title);
  };
  button.hidden = false;
  show();
  button.addEventListener('click', () => {
    const next = themes[(themes.indexOf(root.dataset.theme ?? 'system') + 1) % themes.length];
    if (next === 'system') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem('theme');
      else localStorage.setItem('theme', next);
    } catch {
      // storage is forbidden: the choice lasts for this page
    }
    show();
  });
}

islands('table[data-sortable]', sortable);
islands('input[data-filters]', filter);
islands('button[data-copy], button[data-copy-from]', copy);
islands('button[data-theme-switch]', themeSwitch);
islands('form[data-submits-itself]', (form) => form.addEventListener('change', () => form.requestSubmit()));
