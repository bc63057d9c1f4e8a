// A box with words beside what the pointer or the focus is on. For eyes alone: the words are in the page already.

import { element } from './elements.js';

/**
 * Shows the words of what is pointed at inside `frame`; `words` returns "" where there is nothing to tell.
 * @param {HTMLElement} frame
 * @param {(target: Element) => string} words
 */
export function tips(frame, words) {
  const tip = element('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  frame.append(tip);

  /** @param {Element} target @param {{x: number, y: number}} at */
  function show(target, at) {
    const text = words(target);
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const { left, top, width } = frame.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(at.x - left + 12, width - tip.offsetWidth))}px`;
    tip.style.top = `${at.y - top + 16}px`;
  }

  frame.addEventListener('pointermove', (event) => {
    show(/** @type {Element} */ (event.target), { x: event.clientX, y: event.clientY });
  });
  frame.addEventListener('pointerleave', () => (tip.hidden = true));
  frame.addEventListener('focusin', (event) => {
    const target = /** @type {Element} */ (event.target);
    const { right, top } = target.getBoundingClientRect();
    show(target, { x: right, y: top });
  });
  frame.addEventListener('focusout', () => (tip.hidden = true));
  frame.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') tip.hidden = true;
  });
}
