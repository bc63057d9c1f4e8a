import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault, unit } from '../src/faults.js';
import { matching, shortened } from '../src/terms.js';
import { translated } from '../src/translating.js';
import { say } from '../src/words.js';

const UP = 'https://w3id.org/unipact/ontology#';
const TERMS = [
  { iri: `${UP}AllianceBody`, label: 'body of an alliance' },
  { iri: `${UP}Alliance`, label: 'alliance' },
  { iri: `${UP}OrganizationUnit`, label: 'organizational unit' },
  { iri: `${UP}University`, label: 'university' },
  { iri: 'http://xmlns.com/foaf/0.1/Agent', label: 'agent' },
];
const names = (asked) => matching(TERMS, asked).map((term) => term.iri.split(/[#/]/).pop());

test('terms are found by prefixed name and by words, the likeliest first', () => {
  assert.deepEqual(names({ iri: `${UP}Uni`, word: 'up:Uni' }), ['University', 'OrganizationUnit']);
  assert.deepEqual(names({ iri: '', word: 'alli' }), ['Alliance', 'AllianceBody']);
  assert.deepEqual(names({ iri: `${UP}`, word: 'up:' }), ['Alliance', 'University', 'AllianceBody', 'OrganizationUnit']);
});

test('an IRI is shortened by the longest prefix, or stays whole', () => {
  const prefixes = { base: 'https://w3id.org/unipact/', up: UP };

  assert.equal(shortened(`${UP}Alliance`, prefixes), 'up:Alliance');
  assert.equal(shortened('https://w3id.org/unipact/id/2020/x', prefixes), '<https://w3id.org/unipact/id/2020/x>');
  assert.equal(shortened('https://example.org/a', prefixes), '<https://example.org/a>');
});

test('a problem has its place, anything else is its own detail', () => {
  const body = JSON.stringify({ title: 'Not a SPARQL query', detail: 'd', where: { line: 3, column: 5 } });

  assert.deepEqual(fault(body), { title: 'Not a SPARQL query', detail: 'd', hint: '', line: 3, column: 5 });
  assert.deepEqual(fault('<html>'), { title: '', detail: '<html>', hint: '', line: 0, column: 0 });
  assert.equal(fault(JSON.stringify({ where: { in: 'query' } })).line, 0);
});

test('columns of the server are code points, those of the editor are not', () => {
  assert.equal(unit('"😀" x', 5), 5);
  assert.equal('"😀" x'.slice(unit('"😀" x', 5)), 'x');
});

test('the scripts speak the language of the page, and English otherwise', () => {
  assert.equal(say('found', { n: 3 }, 'ru'), 'Подсказок: 3');
  assert.equal(say('copy', {}, 'zh-Hans'), '复制');
  assert.equal(say('copy', {}, 'fr'), 'Copy');
});

test('the words of Yasgui are translated, and nothing else is', () => {
  assert.equal(translated('Run query', 'ru'), 'Выполнить запрос');
  assert.equal(translated('5 results in 0.09 seconds', 'zh-Hans'), '5 条结果，用时 0.09 秒');
  assert.equal(translated('Showing 1 to 5 of 1,200 entries', 'ru'), 'Строки 1–5 из 1,200');
  assert.equal(translated('Run query', 'en'), null);
  assert.equal(translated('toString', 'ru'), null);
  assert.equal(translated('Politecnico di Milano', 'ru'), null);
});
