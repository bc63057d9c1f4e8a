import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { SNIPPETS, givesOf } from '../src/snippets.js';

const NASTY = 'SELECT ?s {\n  ?s ?p "it\'s \\"q\\" \\\\ ${x} `b` )-\\"" . # """ $HOME\n} #"';
const endpoint = 'http://127.0.0.1:8000/sparql';

test('the shell hands the query over as it is', () => {
  const snippet = SNIPPETS.cURL({ query: NASTY, endpoint, gives: 'rows' }).replace(/^curl/, "printf '%s\\n'");

  const said = execFileSync('sh', ['-c', snippet], { encoding: 'utf8' });

  assert.equal(said, `-H\nAccept: text/csv\n--data-urlencode\nquery=${NASTY}\n${endpoint}\n`);
});

for (const name of ['Python, SPARQLWrapper', 'Python, rdflib']) {
  test(`${name}: the string is the query`, () => {
    const snippet = SNIPPETS[name]({ query: NASTY, endpoint, gives: 'rows' });
    const reads = `import ast, sys
strings = [n.value for n in ast.walk(ast.parse(sys.stdin.read())) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
sys.stdout.write(max(strings, key=len))`;

    const read = execFileSync('python3', ['-c', reads], { input: snippet, encoding: 'utf8' });

    assert.equal(read, NASTY);
  });
}

test('JavaScript: the string is the query', () => {
  const snippet = SNIPPETS.JavaScript({ query: NASTY, endpoint, gives: 'graph' });
  const [, literal] = /^const query = ([^]*?);\nconst answer/.exec(snippet);

  assert.equal(Function(`return ${literal}`)(), NASTY);
});

test('R: the raw string ends where the query ends', () => {
  const snippet = SNIPPETS.R({ query: NASTY, endpoint, gives: 'rows' });
  const [, dashes, text] = /^query <- r"(-*)\(([^]*?)\)\1"$/m.exec(snippet);

  assert.equal(text, NASTY);
  assert.ok(!NASTY.includes(`)${dashes}"`));
});

test('every kind of query has code in every language', () => {
  for (const [kind, gives] of [['SELECT', 'rows'], ['ASK', 'answer'], ['DESCRIBE', 'graph'], ['CONSTRUCT', 'graph']]) {
    assert.equal(givesOf(kind), gives);
    for (const snippet of Object.values(SNIPPETS)) assert.ok(!snippet({ query: 'ASK {}', endpoint, gives }).includes('undefined'));
  }
});
