import assert from 'node:assert/strict';
import { test } from 'node:test';
import Graph from 'graphology';
import { criteria, itemOf, passes } from '../src/filters.js';
import { nearest, visible } from '../src/graphs.js';
import { listed, named, next } from '../src/passages.js';
import { scene, svgOf } from '../src/scene.js';
import { moved, zoomed } from '../src/viewbox.js';

const box = (name, value, checked) => ({ name, type: 'checkbox', value, checked });
const NOTHING = criteria([]);

test('boxes that are all checked, or none, ask for nothing', () => {
  assert.deepEqual(criteria([box('kind', 'a', true), box('kind', 'b', true)]).fields, {});
  assert.deepEqual(criteria([box('kind', 'a', false), box('kind', 'b', false)]).fields, {});
  assert.deepEqual(criteria([box('kind', 'a', true), box('kind', 'b', false)]).fields, { kind: ['a'] });
});

test('an item passes by fields, words and time', () => {
  const item = itemOf({ in: 'view', kind: 'event', country: 'cn ru', from: '2020-11', to: '' }, 'Łódź summit');
  const asked = (more) => ({ ...NOTHING, ...more });

  assert.ok(passes(item, asked({ fields: { country: ['ru'] }, words: 'lodz', from: '2019', to: '2020' })));
  assert.ok(passes(item, asked({ fields: { alliance: ['x'] } })), 'fields that it has not do not count');
  assert.ok(!passes(item, asked({ fields: { kind: ['agreement'] } })));
  assert.ok(!passes(item, asked({ to: '2019' })));
  assert.ok(!passes(itemOf({ from: '2010', to: '2012-05' }, ''), asked({ from: '2013' })));
  assert.ok(passes(itemOf({ from: '2010', to: '2012-05' }, ''), asked({ from: '2012', to: '2012' })));
});

function sample() {
  const graph = new Graph({ multi: true, type: 'undirected' });
  const node = (id, x, y, more) => graph.addNode(id, { x, y, size: 1, given: { id, label: id, ...more } });
  node('hub', 0, 0, { country: ['ru'] });
  node('east', 1, 0, { country: ['cn'] });
  node('north', 0, 1, { country: ['cn'] });
  node('alone', 9, 9, { country: ['cn'] });
  graph.addEdgeWithKey('1', 'hub', 'east', { given: { kind: 'member' } });
  graph.addEdgeWithKey('2', 'hub', 'north', { given: { kind: 'agreement' } });
  return graph;
}

test('a filter of ties takes away nodes that lose all of theirs', () => {
  const { nodes, edges } = visible(sample(), { ...NOTHING, fields: { kind: ['member'] } }, new Set());

  assert.deepEqual([[...nodes], [...edges]], [['hub', 'east', 'alone'], ['1']]);
});

test('a filter of nodes takes away their ties', () => {
  const { nodes, edges } = visible(sample(), { ...NOTHING, fields: { country: ['cn'] } }, new Set(['country']));

  assert.deepEqual([[...nodes], [...edges]], [['alone'], []]);
});

test('words leave a node with its neighbours', () => {
  assert.deepEqual([...visible(sample(), { ...NOTHING, words: 'east' }, new Set()).nodes], ['hub', 'east']);
});

test('arrows go to the nearest node that way', () => {
  const graph = sample();
  const all = new Set(graph.nodes());

  assert.equal(nearest(graph, 'hub', 'right', all), 'east');
  assert.equal(nearest(graph, 'hub', 'up', all), 'north');
  assert.equal(nearest(graph, 'hub', 'left', all), '');
});

test('labels are text in the picture that is saved', () => {
  const nodes = [{ id: 'a', label: '<script>"&\u0000', x: 0, y: 0, size: 5 }, { id: 'b', label: 'b', x: 1, y: 1, size: 5 }];
  const drawing = scene(nodes, [{ source: 'a', target: 'b', reality: 'prospective' }], { ink: '#000', paper: '#fff', colourOf: () => '#123', lineColour: '#999' });

  const svg = svgOf(drawing);

  assert.ok(svg.includes('&lt;script&gt;&quot;&amp;</text>'));
  assert.ok(svg.includes('stroke-dasharray'));
  assert.ok(drawing.dots[0].y > drawing.dots[1].y, 'y grows upwards in the data');
});

test('zooming keeps the point under the pointer and never leaves the picture', () => {
  const whole = { x: 0, y: 0, width: 100, height: 50 };

  const closer = zoomed(whole, whole, { factor: 2, x: 75, y: 25, most: 10 });

  assert.deepEqual(closer, { x: 37.5, y: 12.5, width: 50, height: 25 });
  assert.deepEqual(moved(whole, closer, { x: 1000, y: -1000 }), { x: 50, y: 0, width: 50, height: 25 });
  assert.deepEqual(zoomed(whole, closer, { factor: 0.01, x: 0, y: 0, most: 10 }), whole);
});

test('a click on words lights up all their facts, further clicks each by itself, then none', () => {
  const facts = listed('a b');

  const first = next(facts, []);
  const second = next(facts, first);
  const third = next(facts, second);

  assert.deepEqual([first, second, third, next(facts, third)], [['a', 'b'], ['a'], ['b'], []]);
  assert.deepEqual(next(['a'], ['a']), []);
});

test('an address names a passage or a fact', () => {
  assert.deepEqual(named('#passage-board%20meeting'), { kind: 'passage', key: 'board meeting' });
  assert.equal(named('#elsewhere'), null);
  assert.equal(named('#fact-%E0'), null);
});
