import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked } from '../src/folding.js';
import { has, keys, order } from '../src/sorting.js';

const hits = (name, question) => marked(name, question).filter((piece) => piece.hit).map((piece) => piece.text);

test('words are found whatever the case and accents', () => {
  assert.deepEqual(hits('Politechnika Łódzka', 'lodz'), ['Łódz']);
  assert.deepEqual(hits('Straße des Élysée', 'strasse ely'), ['Straße', 'Ély']);
  assert.deepEqual(hits('Ёлка', 'елк'), ['Ёлк']);
});

test('only beginnings of words count, but any ideograph does', () => {
  assert.deepEqual(hits('Polytechnic', 'tech'), []);
  assert.deepEqual(hits('西安交通大学', '交通'), ['交通']);
});

test('the pieces make up the name, with emoji and markup as they are', () => {
  for (const name of ['😀 <b>Łódź</b> 😀', 'e\u0301te\u0301', '', '\u202eabc']) {
    assert.equal(marked(name, 'l e abc 😀').map((piece) => piece.text).join(''), name);
  }
});

test('numbers sort as numbers, texts by language, empty cells last', () => {
  assert.deepEqual(order(keys(['1,200', '7', '', '30']), 'ascending'), [1, 3, 0, 2]);
  assert.deepEqual(order(keys(['1,200', '7', '', '30']), 'descending'), [0, 3, 1, 2]);
  assert.deepEqual(order(keys(['Zagreb', 'ärzte', 'Aachen']), 'ascending', 'en'), [2, 1, 0]);
  assert.deepEqual(order(keys(['2020-11-27', '2019', '2020-02']), 'ascending'), [1, 2, 0]);
});

test('equal rows keep their order', () => {
  assert.deepEqual(order(keys(['b', 'a', 'b', 'a']), 'descending'), [0, 2, 1, 3]);
});

test('a filter wants every word', () => {
  assert.ok(has('Łódź University of Technology', 'tech lodz'));
  assert.ok(!has('Łódź University', 'tech lodz'));
});
