// The map: zoom, and names beside the pointer. The server draws it; see README.md for the projection.
//
// Needs  <figure class="zoomable"><svg data-map viewBox="…" role="group" aria-label="…" tabindex="0">…</svg></figure>
//        Circles and lines keep their size on the screen: give them r, stroke-width or font-size as attributes or by CSS with
//        vector-effect="non-scaling-stroke"; <circle r="5" data-keeps-size> and <text font-size="11" data-keeps-size> are rescaled.
//        What has a <title> or data-tip is told beside the pointer; <a href> around a circle is the way to its page.
// Filter as in timeline.js: the <svg> has an id, items carry data-in="ID".
// The table twin is a link or <details> of the page. Without JavaScript the browser shows titles and follows links.

import './zoom.css';
import './view.css';
import { drawnTip } from './drawntip.js';
import { islands } from './elements.js';
import { tips } from './tip.js';
import { filteredDrawing } from './view.js';
import { zoomable } from './zoom.js';

const MOST = 24;

/** @param {SVGSVGElement} svg */
function start(svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const sized = /** @type {SVGElement[]} */ ([...svg.querySelectorAll('[data-keeps-size]')]).map((one) => {
    const attribute = one.hasAttribute('font-size') ? 'font-size' : 'r';
    return { one, attribute, size: Number(one.getAttribute(attribute)) };
  });
  const buttons = zoomable(svg, {
    whole: { x, y, width, height },
    most: MOST,
    show: (seen) => {
      svg.setAttribute('viewBox', `${seen.x} ${seen.y} ${seen.width} ${seen.height}`);
      // half way between growing with the map and staying as they are
      const scale = Math.sqrt(seen.width / width) * (seen.width / width) ** 0.3;
      for (const { one, attribute, size } of sized) one.setAttribute(attribute, String(size * scale));
    },
  });
  const frame = /** @type {HTMLElement} */ (svg.parentElement);
  frame.append(buttons);
  tips(frame, drawnTip(svg));
  filteredDrawing(svg);
}

islands('svg[data-map]', start);
