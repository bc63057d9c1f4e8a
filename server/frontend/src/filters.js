// Which items of a view a form leaves in. No page is needed.

import { has } from './sorting.js';

/**
 * What a form asks for: `words` must be in the name, `from` and `to` are years or days, `fields` are lists of allowed values.
 * @typedef {{words: string, from: string, to: string, fields: Record<string, string[]>}} Criteria
 */

/**
 * What an item says: its name, its first and last day ("" when open), and values by field.
 * @typedef {{label: string, from?: string, to?: string, fields: Record<string, string[]>}} Item
 */

/**
 * Reads the controls of a form. A group of check boxes allows the checked ones, all when all or none are checked; a list
 * whose value is "" allows all.
 * @param {Iterable<{name: string, type: string, value: string, checked?: boolean}>} controls
 * @returns {Criteria}
 */
export function criteria(controls) {
  const found = { words: '', from: '', to: '', fields: /** @type {Record<string, string[]>} */ ({}) };
  /** @type {Record<string, boolean[]>} */
  const boxes = {};
  for (const { name, type, value, checked } of controls) {
    if (!name || type === 'submit' || type === 'button' || type === 'hidden') continue;
    if (name === 'from' || name === 'to') found[name] = value.trim();
    else if (type === 'search' || type === 'text') found.words = value.trim();
    else if (type === 'checkbox' || type === 'radio') {
      (boxes[name] ??= []).push(Boolean(checked));
      found.fields[name] ??= [];
      if (checked && value) found.fields[name].push(value);
    } else if (value) (found.fields[name] ??= []).push(value);
  }
  for (const [name, checked] of Object.entries(boxes)) {
    if (checked.every(Boolean) || !checked.some(Boolean)) delete found.fields[name];
  }
  for (const [name, values] of Object.entries(found.fields)) if (!values.length) delete found.fields[name];
  return found;
}

/**
 * Tells whether an item is left in. Fields that items of its kind do not have (not even an empty list) do not count against it.
 * @param {Item} item
 * @param {Criteria} asked
 */
export function passes(item, asked) {
  const byFields = Object.entries(asked.fields).every(
    ([name, allowed]) => !item.fields[name] || item.fields[name].some((value) => allowed.includes(value)),
  );
  return byFields && within(item, asked) && (!asked.words || has(item.label, asked.words));
}

/** @param {Item} item @param {Criteria} asked */
function within(item, { from, to }) {
  if (from && item.to && item.to.slice(0, from.length) < from) return false;
  return !(to && item.from && item.from.slice(0, to.length) > to);
}

/**
 * Reads an item from the attributes of an element: data-label, data-from, data-to, any other is a field with a list of words.
 * @param {Record<string, string|undefined>} dataset
 * @param {string} text
 * @returns {Item}
 */
export function itemOf(dataset, text) {
  const { label, from, to, in: _in, tip, ...others } = dataset;
  const fields = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, (value ?? '').split(/\s+/).filter(Boolean)]),
  );
  return { label: label ?? tip ?? text, from: from ?? '', to: to ?? '', fields };
}
