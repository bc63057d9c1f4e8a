// Looking closer at a drawing: wheel with Control, two fingers, buttons, keys; dragging moves.

import { element } from './elements.js';
import { say } from './words.js';
import { moved, zoomed } from './viewbox.js';

/** @typedef {import('./viewbox.js').Box} Box */

/**
 * Lets a drawing be zoomed; `show` draws what is to be seen, in the drawing's own units.
 * @param {SVGSVGElement} svg
 * @param {{whole: Box, most: number, show: (seen: Box) => void, across?: boolean}} how `across`: in width alone
 * @returns {HTMLElement} the buttons, to be put somewhere
 */
export function zoomable(svg, { whole, most, show, across = false }) {
  let seen = { ...whole };
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let apart = 0;
  let dragged = false;

  /** @param {Box} box */
  function see(box) {
    seen = across ? { ...box, y: whole.y, height: whole.height } : box;
    show(seen);
    out.disabled = seen.width >= whole.width;
    reset.disabled = out.disabled;
    closer.disabled = seen.width <= whole.width / most;
    svg.classList.toggle('zoomed', !out.disabled);
  }

  /** @param {{clientX: number, clientY: number}} event */
  function point({ clientX, clientY }) {
    const { left, top, width, height } = svg.getBoundingClientRect();
    return { x: seen.x + ((clientX - left) / width) * seen.width, y: seen.y + ((clientY - top) / height) * seen.height };
  }

  /** @param {number} factor @param {{x: number, y: number}} [at] */
  function zoom(factor, at = { x: seen.x + seen.width / 2, y: seen.y + seen.height / 2 }) {
    see(zoomed(whole, seen, { factor, ...at, most }));
  }

  /** @param {string} word @param {string} sign @param {() => void} act */
  function button(word, sign, act) {
    const made = /** @type {HTMLButtonElement} */ (
      element('button', { type: 'button', 'aria-label': say(word), title: say(word) }, sign)
    );
    made.addEventListener('click', act);
    return made;
  }
  const closer = button('zoomIn', '+', () => zoom(1.6));
  const out = button('zoomOut', '−', () => zoom(1 / 1.6));
  const reset = button('zoomReset', '⤢', () => see({ ...whole }));

  svg.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls as ever
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), point(event));
  }, { passive: false });
  svg.addEventListener('pointerdown', (event) => {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
    apart = spread(fingers);
  });
  svg.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const { width, height } = svg.getBoundingClientRect();
    const by = { x: before.x - event.clientX, y: before.y - event.clientY };
    if (!dragged && Math.hypot(by.x, by.y) < 4 && fingers.size === 1) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 2 && apart) {
      const now = spread(fingers);
      zoom(now / apart, point({ clientX: middle(fingers, 'x'), clientY: middle(fingers, 'y') }));
      apart = now;
    } else see(moved(whole, seen, { x: (by.x / width) * seen.width, y: (by.y / height) * seen.height }));
  });
  for (const end of ['pointerup', 'pointercancel']) {
    svg.addEventListener(end, (event) => {
      fingers.delete(/** @type {PointerEvent} */ (event).pointerId);
      apart = spread(fingers);
    });
  }
  svg.addEventListener('click', (event) => {
    if (dragged) event.preventDefault(); // a drag that began on a link is no click
    dragged = false;
  }, true);
  svg.addEventListener('dragstart', (event) => event.preventDefault());
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === '+' || event.key === '=') zoom(1.6);
    else if (event.key === '-') zoom(1 / 1.6);
    else if (event.key === '0') see({ ...whole });
    else if (step && seen.width < whole.width) {
      see(moved(whole, seen, { x: (step[0] * seen.width) / 8, y: (step[1] * seen.height) / 8 }));
    } else return;
    event.preventDefault();
  });
  see(seen);
  return element('div', { class: 'zooming', role: 'group' }, closer, out, reset);
}

/** @param {Map<number, {x: number, y: number}>} fingers */
function spread(fingers) {
  const [a, b] = [...fingers.values()];
  return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}

/** @param {Map<number, {x: number, y: number}>} fingers @param {'x'|'y'} axis */
function middle(fingers, axis) {
  const places = [...fingers.values()].map((one) => one[axis]);
  return places.reduce((sum, place) => sum + place, 0) / places.length;
}
