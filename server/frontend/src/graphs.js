// Questions to a graphology graph whose nodes and edges carry what the server gave as `given`. No page is needed.

import { passes } from './filters.js';

/** @typedef {import('./filters.js').Criteria} Criteria */

/**
 * Returns the nodes and edges that a form leaves in.
 * @param {any} graph
 * @param {Criteria} asked
 * @param {Set<string>} ofNodes names of the fields that are asked of nodes; the others are asked of edges
 */
export function visible(graph, asked, ofNodes) {
  const fields = Object.entries(asked.fields);
  const forNodes = { words: '', from: '', to: '', fields: Object.fromEntries(fields.filter(([name]) => ofNodes.has(name))) };
  const forEdges = { ...asked, words: '', fields: Object.fromEntries(fields.filter(([name]) => !ofNodes.has(name))) };
  const likely = new Set(graph.filterNodes((/** @type {string} */ _, /** @type {any} */ node) => passes(item(node.given), forNodes)));
  const named = new Set(
    asked.words ? [...likely].filter((id) => passes(item(graph.getNodeAttribute(id, 'given')), { ...forNodes, words: asked.words })) : likely,
  );
  const edges = new Set(
    graph.filterEdges(
      (/** @type {string} */ _, /** @type {any} */ edge, /** @type {string} */ a, /** @type {string} */ b) =>
        likely.has(a) && likely.has(b) && (named.has(a) || named.has(b)) && passes(item(edge.given), forEdges),
    ),
  );
  const tied = new Set([...edges].flatMap((edge) => graph.extremities(edge)));
  const nodes = new Set([...likely].filter((id) => tied.has(id) || (named.has(id) && (asked.words || !graph.degree(id)))));
  return { nodes, edges };
}

/**
 * Returns the nodes at the other ends of the shown edges.
 * @param {any} graph
 * @param {string} id
 * @param {Set<string>} edges
 */
export function neighbours(graph, id, edges) {
  return new Set(graph.edges(id).filter((/** @type {string} */ edge) => edges.has(edge)).map((/** @type {string} */ edge) => graph.opposite(id, edge)));
}

/**
 * Returns the nearest shown node in a direction, "" when there is none; without a start the largest one.
 * @param {any} graph
 * @param {string} from
 * @param {string} direction left, right, up or down
 * @param {Set<string>} shown
 */
export function nearest(graph, from, direction, shown) {
  const [ways, across] = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] }[direction] ?? [0, 0];
  const places = [...shown].map((id) => ({ id, ...graph.getNodeAttributes(id) }));
  if (!from) return places.sort((a, b) => b.size - a.size)[0]?.id ?? '';
  const here = graph.getNodeAttributes(from);
  let best = { id: '', distance: Infinity };
  for (const { id, x, y } of places) {
    const [dx, dy] = [x - here.x, y - here.y];
    const ahead = dx * ways + dy * across;
    const aside = Math.abs(dx * across) + Math.abs(dy * ways);
    if (id === from || ahead <= 0) continue;
    const distance = ahead + 2 * aside;
    if (distance < best.distance) best = { id, distance };
  }
  return best.id;
}

const OWN = new Set(['id', 'label', 'x', 'y', 'page', 'size', 'source', 'target', 'from', 'to']);

/** @param {any} given */
function item(given) {
  const fields = Object.entries(given)
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => [name, [value].flat().map(String)]);
  return { label: given.label ?? '', from: given.from ?? '', to: given.to ?? '', fields: Object.fromEntries(fields) };
}
