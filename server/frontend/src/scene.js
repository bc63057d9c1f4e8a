// A network as a drawing: what is where, and the same as SVG. No page is needed.

/** @typedef {{id: string, label: string, x: number, y: number, size: number, colour: string, named: boolean}} Dot */
/** @typedef {{x1: number, y1: number, x2: number, y2: number, colour: string, dashed: boolean}} Line */
/** @typedef {{width: number, height: number, dots: Dot[], lines: Line[], ink: string, paper: string}} Scene */

const MARGIN = 40;
const FONT = 11;

/**
 * Lays nodes and edges out in a picture of the given width; y grows upwards in the data, downwards in the picture.
 * @param {any[]} nodes
 * @param {any[]} edges
 * @param {{width?: number, ink: string, paper: string, colourOf: (node: any) => string, lineColour: string, names?: number}} how
 * @returns {Scene}
 */
export function scene(nodes, edges, { width = 1200, ink, paper, colourOf, lineColour, names = 60 }) {
  const [xs, ys] = [nodes.map((node) => node.x), nodes.map((node) => node.y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = (width - 2 * MARGIN) / Math.max(right - left, (high - low) / 1.5, 1e-9);
  const height = Math.round((high - low) * scale + 2 * MARGIN);
  const named = new Set([...nodes].sort((a, b) => b.size - a.size).slice(0, names).map((node) => node.id));
  const at = new Map(nodes.map((node) => [node.id, {
    id: node.id,
    label: node.label,
    x: rounded(MARGIN + (node.x - left) * scale),
    y: rounded(MARGIN + (high - node.y) * scale),
    size: node.size,
    colour: colourOf(node),
    named: named.has(node.id),
  }]));
  const lines = edges.flatMap((edge) => {
    const [a, b] = [at.get(edge.source), at.get(edge.target)];
    if (!a || !b) return [];
    return [{ x1: a.x, y1: a.y, x2: b.x, y2: b.y, colour: lineColour, dashed: edge.reality !== undefined && edge.reality !== 'actual' }];
  });
  return { width, height: nodes.length ? height : MARGIN * 2, dots: [...at.values()], lines, ink, paper };
}

/**
 * Returns the drawing as an SVG document.
 * @param {Scene} drawing
 */
export function svgOf({ width, height, dots, lines, ink, paper }) {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="${FONT}">`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    ...lines.map(
      (line) =>
        `<line x1="${line.x1}" y1="${line.y1}" x2="${line.x2}" y2="${line.y2}" stroke="${line.colour}"${line.dashed ? ' stroke-dasharray="4 3"' : ''}/>`,
    ),
    ...dots.map((dot) => `<circle cx="${dot.x}" cy="${dot.y}" r="${dot.size}" fill="${dot.colour}"><title>${escaped(dot.label)}</title></circle>`),
    ...dots
      .filter((dot) => dot.named)
      .map((dot) => `<text x="${dot.x + dot.size + 3}" y="${dot.y + FONT / 3}" fill="${ink}">${escaped(dot.label)}</text>`),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

/**
 * Paints the drawing; for pictures that are no SVG.
 * @param {CanvasRenderingContext2D} on
 * @param {Scene} drawing
 */
export function paint(on, { width, height, dots, lines, ink, paper }) {
  on.fillStyle = paper;
  on.fillRect(0, 0, width, height);
  for (const line of lines) {
    on.strokeStyle = line.colour;
    on.setLineDash(line.dashed ? [4, 3] : []);
    on.beginPath();
    on.moveTo(line.x1, line.y1);
    on.lineTo(line.x2, line.y2);
    on.stroke();
  }
  for (const dot of dots) {
    on.fillStyle = dot.colour;
    on.beginPath();
    on.arc(dot.x, dot.y, dot.size, 0, 2 * Math.PI);
    on.fill();
  }
  on.fillStyle = ink;
  on.font = `${FONT}px sans-serif`;
  for (const dot of dots) if (dot.named) on.fillText(dot.label, dot.x + dot.size + 3, dot.y + FONT / 3);
}

/** @param {string} text */
export const escaped = (text) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? one);

/** @param {number} value */
const rounded = (value) => Math.round(value * 10) / 10;
