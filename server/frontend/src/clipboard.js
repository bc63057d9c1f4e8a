// Puts texts on the clipboard, and tells beside a button what became of it.

import { element } from './elements.js';

/**
 * Puts a text on the clipboard; returns whether that went well.
 * @param {string} text
 */
export async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writtenByHand(text); // plain http on another machine has no clipboard
  }
}

/** @param {string} text */
function writtenByHand(text) {
  const area = /** @type {HTMLTextAreaElement} */ (element('textarea', { class: 'copying', readonly: true }));
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

/** @param {HTMLElement} button @param {string} words */
export function tell(button, words) {
  const told = element('span', { class: 'told', role: 'status' }, words);
  button.after(told);
  setTimeout(() => told.remove(), 1800);
}
