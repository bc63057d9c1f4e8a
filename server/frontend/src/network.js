// The network: sigma draws what the server laid out. Where WebGL is missing, the server's drawing stays.
//
// Needs  <figure data-network id="ID" data-src="/explore/network.json?…"> <svg>…</svg> <figcaption>…</figcaption> </figure>
//        The <svg> (or anything with [data-fallback]) is what there is without JavaScript; it is hidden once sigma draws.
// Gets   {"nodes": [{"id", "label", "x", "y", "page": path, "kind": "university", "size"?: 3–14, …fields}],
//         "edges": [{"source", "target", "kind"?, "label"?, "reality"?: "actual"|"prospective"|"unreal", "from"?, "to"?, …fields}],
//         "kinds"?: {"university": {"label": "University"}}}
//        Other members are fields for filters: text or lists of texts, such as "country": ["cn"]. y grows upwards.
// Filter <form data-view="ID"> as in timeline.js. A control with data-of="node" asks the nodes; others ask the edges, and nodes
//        left without any edge go too, unless they had none. A search field names nodes: those and their neighbours stay.
// Colour of a kind: the CSS custom property --kind-university (else --accent); lines --line-strong (else --soft), text --ink.
// Keys   arrows go to the nearest node that way, Enter opens its page, + - 0 zoom. A click opens the page, too.
// [data-shown="ID"] tells how many nodes are shown. Sets data-ready on the figure. Buttons save PNG and SVG of what is seen.

import './network.css';
import './view.css';
import Graph from 'graphology';
import Sigma from 'sigma';
import { element, islands, save } from './elements.js';
import { nearest, neighbours, visible } from './graphs.js';
import { paint, scene, svgOf } from './scene.js';
import { filtered, tellShown } from './view.js';
import { say } from './words.js';

/** @param {HTMLElement} figure */
async function start(figure) {
  if (!document.createElement('canvas').getContext('webgl2')) return;
  const data = await fetch(figure.dataset.src ?? '', { headers: { Accept: 'application/json' } })
    .then((response) => (response.ok ? response.json() : null))
    .catch(() => null); // the server's drawing stays
  if (data?.nodes?.length) draw(figure, data);
}

/** @param {HTMLElement} figure @param {any} data */
function draw(figure, data) {
  const graph = new Graph({ multi: true, type: 'undirected' });
  for (const { id, ...node } of data.nodes) {
    graph.addNode(id, { label: node.label, x: node.x, y: node.y, size: node.size ?? 5, given: { id, size: 5, ...node } });
  }
  for (const edge of data.edges) {
    if (graph.hasNode(edge.source) && graph.hasNode(edge.target)) graph.addEdge(edge.source, edge.target, { given: edge });
  }
  const stage = element('div', { class: 'network-stage', tabindex: '0', role: 'application', 'aria-label': say('network') });
  const told = element('p', { class: 'network-told', role: 'status' });
  const fallback = figure.querySelector(':scope > svg, :scope > [data-fallback]');
  if (fallback) fallback.before(stage);
  else figure.prepend(stage);
  figure.classList.add('drawn');

  let shown = { nodes: new Set(graph.nodes()), edges: new Set(graph.edges()) };
  let chosen = '';
  let near = new Set();
  let colours = coloursOf(figure);
  const sigma = new Sigma(graph, stage, {
    labelFont: getComputedStyle(figure).fontFamily,
    labelSize: 12,
    labelDensity: 0.6,
    labelColor: { attribute: 'labelColour' },
    minCameraRatio: 0.05,
    maxCameraRatio: 2,
    zIndex: true,
    defaultDrawNodeHover: hover(() => colours),
    nodeReducer: (id, given) => ({
      ...given,
      hidden: !shown.nodes.has(id),
      color: chosen && id !== chosen && !near.has(id) ? colours.faint : colours.of(given.given.kind),
      labelColour: chosen && id !== chosen && !near.has(id) ? colours.faint : colours.ink,
      zIndex: id === chosen ? 2 : 1,
      highlighted: id === chosen,
      forceLabel: id === chosen || near.has(id),
    }),
    edgeReducer: (id, given) => {
      const touched = chosen && graph.hasExtremity(id, chosen);
      const faint = (chosen && !touched) || (given.given.reality && given.given.reality !== 'actual');
      return { ...given, hidden: !shown.edges.has(id), size: touched ? 2 : 1, color: touched ? colours.accent : faint ? colours.faint : colours.line };
    },
  });

  /** @param {string} id */
  function choose(id) {
    chosen = id;
    near = id ? neighbours(graph, id, shown.edges) : new Set();
    told.textContent = id ? `${graph.getNodeAttribute(id, 'label')} · ${say('ties', { n: near.size })}` : '';
    stage.classList.toggle('pointing', Boolean(id));
    sigma.refresh({ skipIndexation: true });
  }

  /** @param {string} id */
  function open(id) {
    const { page } = graph.getNodeAttribute(id, 'given');
    if (page) location.assign(page);
  }

  sigma.on('enterNode', ({ node }) => choose(node));
  sigma.on('leaveNode', () => choose(''));
  sigma.on('clickNode', ({ node }) => open(node));
  stage.addEventListener('keydown', (event) => {
    const camera = sigma.getCamera();
    if (event.key === 'Enter' && chosen) open(chosen);
    else if (event.key === 'Escape' && chosen) choose('');
    else if (event.key === '+' || event.key === '=') camera.animatedZoom({ duration: 150 });
    else if (event.key === '-') camera.animatedUnzoom({ duration: 150 });
    else if (event.key === '0') camera.animatedReset({ duration: 150 });
    else if (event.key.startsWith('Arrow')) {
      const next = nearest(graph, chosen, event.key.slice(5).toLowerCase(), shown.nodes);
      if (next) choose(next);
      const at = next && sigma.getNodeDisplayData(next);
      if (at && camera.ratio < 1) camera.animate({ x: at.x, y: at.y }, { duration: 150 });
    } else return;
    event.preventDefault();
  });
  const recolour = () => {
    colours = coloursOf(figure);
    sigma.refresh({ skipIndexation: true });
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
  new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  filtered(figure.id, (asked) => {
    shown = visible(graph, asked, askedOfNodes(figure.id));
    if (!shown.nodes.has(chosen)) choose('');
    tellShown(figure.id, { n: shown.nodes.size, all: graph.order });
    sigma.refresh({ skipIndexation: true });
  });
  stage.after(told, tools(figure, sigma, () => pictured(graph, shown, colours)));
  figure.dataset.ready = '';
}

/** @param {string} id */
function askedOfNodes(id) {
  const controls = /** @type {NodeListOf<HTMLInputElement>} */ (
    document.querySelectorAll(`form[data-view="${CSS.escape(id)}"] [data-of=node]`)
  );
  return new Set([...controls].map((control) => control.name));
}

/** @param {any} graph @param {any} shown @param {any} colours */
function pictured(graph, shown, colours) {
  const nodes = [...shown.nodes].map((id) => graph.getNodeAttribute(id, 'given'));
  const edges = [...shown.edges].map((id) => graph.getEdgeAttribute(id, 'given'));
  const { ink, paper, line } = colours;
  return scene(nodes, edges, { ink, paper, lineColour: line, colourOf: (node) => colours.of(node.kind) });
}

/** @param {HTMLElement} figure @param {Sigma} sigma @param {() => import('./scene.js').Scene} picture */
function tools(figure, sigma, picture) {
  const name = figure.dataset.name || figure.id || 'network';
  const camera = sigma.getCamera();
  return element(
    'div',
    { class: 'network-tools', role: 'group' },
    button('+', say('zoomIn'), () => camera.animatedZoom({ duration: 150 })),
    button('−', say('zoomOut'), () => camera.animatedUnzoom({ duration: 150 })),
    button('⤢', say('zoomReset'), () => camera.animatedReset({ duration: 150 })),
    button('PNG', say('downloadAs', { format: 'PNG' }), () => savePng(`${name}.png`, picture())),
    button('SVG', say('downloadAs', { format: 'SVG' }), () =>
      save(`${name}.svg`, new Blob([svgOf(picture())], { type: 'image/svg+xml' })),
    ),
  );
}

/** @param {string} sign @param {string} words @param {() => void} act */
function button(sign, words, act) {
  const made = element('button', { type: 'button', title: words, 'aria-label': words }, sign);
  made.addEventListener('click', act);
  return made;
}

/** @param {string} name @param {import('./scene.js').Scene} drawing */
function savePng(name, drawing) {
  const canvas = /** @type {HTMLCanvasElement} */ (element('canvas', { width: drawing.width * 2, height: drawing.height * 2 }));
  const on = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  on.scale(2, 2);
  paint(on, drawing);
  canvas.toBlob((blob) => blob && save(name, blob), 'image/png');
}

/** @param {HTMLElement} figure */
function coloursOf(figure) {
  const style = getComputedStyle(figure);
  const value = (/** @type {string} */ name, /** @type {string} */ otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const accent = value('--accent', '#0b5e57');
  const soft = value('--soft', '#777777');
  return {
    accent,
    ink: value('--ink', '#222222'),
    paper: value('--card', '#ffffff'),
    faint: value('--line', '#dddddd'),
    line: value('--line-strong', soft),
    of: (/** @type {string} */ kind) => (kind && value(`--kind-${kind}`, accent)) || accent,
  };
}

/** @param {() => ReturnType<typeof coloursOf>} colours */
function hover(colours) {
  return (/** @type {CanvasRenderingContext2D} */ on, /** @type {any} */ node, /** @type {any} */ settings) => {
    const { paper, ink, accent } = colours();
    on.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
    const width = on.measureText(node.label).width;
    on.beginPath();
    on.arc(node.x, node.y, node.size + 3, 0, 2 * Math.PI);
    on.strokeStyle = accent;
    on.lineWidth = 2;
    on.stroke();
    on.fillStyle = paper;
    on.fillRect(node.x + node.size + 5, node.y - settings.labelSize, width + 8, settings.labelSize * 1.8);
    on.strokeRect(node.x + node.size + 5, node.y - settings.labelSize, width + 8, settings.labelSize * 1.8);
    on.fillStyle = ink;
    on.fillText(node.label, node.x + node.size + 9, node.y + settings.labelSize / 3);
  };
}

islands('[data-network]', start);
