// Makes and finds elements. Text is always set as text, so that no label can be markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Returns a new element; attributes that are null or false are left out, true is an empty value.
 * @param {string} name
 * @param {Record<string, string|number|boolean|null|undefined>} [attributes]
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (filled(document.createElement(name), attributes, children));
}

/**
 * The same for SVG.
 * @param {string} name
 * @param {Record<string, string|number|boolean|null|undefined>} [attributes]
 * @param {...(Node|string)} children
 * @returns {SVGElement}
 */
export function drawn(name, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (filled(document.createElementNS(SVG, name), attributes, children));
}

/**
 * Calls `start` for each element of the page that asks for the island.
 * @param {string} selector
 * @param {(root: any) => unknown} start
 */
export function islands(selector, start) {
  for (const root of document.querySelectorAll(selector)) start(root);
}

/**
 * Offers a text or an image as a file.
 * @param {string} name
 * @param {Blob} content
 */
export function save(name, content) {
  const link = /** @type {HTMLAnchorElement} */ (element('a', { download: name }));
  link.href = URL.createObjectURL(content);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * @param {Element} made
 * @param {Record<string, string|number|boolean|null|undefined>} attributes
 * @param {(Node|string)[]} children
 */
function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  made.append(...children);
  return made;
}
