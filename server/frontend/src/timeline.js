// The timeline: zoom in time, filter. The server draws it.
//
// Needs  <figure class="zoomable"><svg data-timeline id="ID" viewBox="…" role="group" aria-label="…" tabindex="0">…</svg></figure>
//        Only x, x1, x2, cx and width of lines, rectangles, circles, texts and links' children are moved, no transforms and no
//        paths, so draw with those. Parts inside [data-stays] keep their place (stripes, row names).
//        [data-from-zoom="4"] is shown from an enlargement of 4 on (months), [data-until-zoom="4"] below it.
// Filter <form data-view="ID"> (GET, the server understands it too): check boxes and lists named like the data- attributes of the
//        items, a search field for words, "from" and "to" for time. Items carry data-in="ID" and for example data-kind="event",
//        data-status="planned", data-from="2020-11-27", data-to="2020-11-27"; rows of the twin table carry the same. The server
//        draws all items and gives class "out" to those that the form leaves out. [data-shown="ID"] tells how many are in.
// What has a <title> or data-tip is told beside the pointer.

import './zoom.css';
import './view.css';
import { drawnTip } from './drawntip.js';
import { islands } from './elements.js';
import { tips } from './tip.js';
import { filteredDrawing } from './view.js';
import { zoomable } from './zoom.js';

const MOST = 40;
const PLACES = ['x', 'x1', 'x2', 'cx'];

/** @param {SVGSVGElement} svg */
function start(svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const parts = [...svg.querySelectorAll('line, rect, circle, ellipse, text, tspan, use')].filter((one) => !one.closest('[data-stays], defs'));
  const places = parts.flatMap((one) => attributes(one, PLACES));
  const widths = parts.flatMap((one) => attributes(one, ['width']));
  const fine = /** @type {SVGElement[]} */ ([...svg.querySelectorAll('[data-from-zoom], [data-until-zoom]')]);

  const buttons = zoomable(svg, {
    whole: { x, y, width, height },
    most: MOST,
    across: true,
    show: (seen) => {
      const closer = width / seen.width;
      for (const { one, name, value } of places) one.setAttribute(name, String(x + (value - seen.x) * closer));
      for (const { one, name, value } of widths) one.setAttribute(name, String(value * closer));
      for (const one of fine) {
        const { fromZoom = '0', untilZoom = 'Infinity' } = one.dataset;
        one.classList.toggle('out', closer < Number(fromZoom) || closer >= Number(untilZoom));
      }
    },
  });
  const frame = /** @type {HTMLElement} */ (svg.parentElement);
  frame.append(buttons);
  tips(frame, drawnTip(svg));
  filteredDrawing(svg);
}

/** @param {Element} one @param {string[]} names */
function attributes(one, names) {
  return names
    .filter((name) => one.hasAttribute(name))
    .map((name) => ({ one, name, value: Number(one.getAttribute(name)) }))
    .filter(({ value }) => Number.isFinite(value));
}

islands('svg[data-timeline]', start);
