import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relative, world } from '../world.mjs';

test('steps are the same path in fewer letters', () => {
  assert.equal(relative('M10.5,20L11,20L11,19.9ZM1,-1L.5,0Z'.replace('L.5', 'L0.5')), 'M10.5,20l.5,0l0-.1ZM1-1l-.5,1Z');
});

test('every country has a name in each language and a place on the map', () => {
  const { countries, viewBox: [left, top, width, height] } = world();

  assert.equal(countries.length, 176);
  for (const country of countries) {
    assert.ok(country.names.en && country.names.ru && country.names.zh);
    assert.ok(country.x >= left && country.x <= left + width && country.y >= top && country.y <= top + height, country.names.en);
    assert.match(country.path, /^M[-\d.,]+l/);
  }
});

test('countries are found by their codes', () => {
  const codes = new Set(world().countries.map((country) => country.code));

  for (const code of ['RU', 'CN', 'IT', 'AT', 'PL', 'FR', 'NO', 'AR']) assert.ok(codes.has(code), code);
});
