// What a part of a drawing tells about itself.

/**
 * Returns a function for `tips`; the drawing's titles become data-tip, so that the browser does not show them too.
 * @param {SVGSVGElement} svg
 */
export function drawnTip(svg) {
  for (const title of svg.querySelectorAll(':scope * > title')) {
    const one = /** @type {any} */ (title.parentElement);
    one.dataset.tip ??= title.textContent ?? '';
    if (!one.hasAttribute('aria-label')) one.setAttribute('aria-label', title.textContent ?? '');
    if (one.localName !== 'a' && !one.hasAttribute('role')) one.setAttribute('role', 'img');
    title.remove();
  }
  return (/** @type {Element} */ target) =>
    /** @type {SVGElement|null} */ (target.closest('[data-tip]') ?? target.querySelector?.(':scope > [data-tip]'))?.dataset.tip ?? '';
}
