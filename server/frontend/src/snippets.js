// A query as code that runs it elsewhere. No page is needed.

/**
 * What a query gives: rows of a SELECT, the answer of an ASK, or a graph.
 * @typedef {'rows'|'answer'|'graph'} Gives
 */

/** @typedef {{query: string, endpoint: string, gives: Gives}} Asked */

/** @param {string} kind as Yasqe names it @returns {Gives} */
export function givesOf(kind) {
  if (kind === 'CONSTRUCT' || kind === 'DESCRIBE') return 'graph';
  return kind === 'ASK' ? 'answer' : 'rows';
}

const ACCEPT = { rows: 'text/csv', answer: 'application/sparql-results+json', graph: 'text/turtle' };

/** Every language on offer, in the order of the list. @type {Record<string, (asked: Asked) => string>} */
export const SNIPPETS = {
  cURL: ({ query, endpoint, gives }) =>
    `curl -H ${shell(`Accept: ${ACCEPT[gives]}`)} --data-urlencode ${shell(`query=${query}`)} ${shell(endpoint)}\n`,

  'Python, SPARQLWrapper': ({ query, endpoint, gives }) =>
    [
      `from SPARQLWrapper import ${gives === 'graph' ? 'POST, TURTLE' : 'JSON, POST'}, SPARQLWrapper`,
      '',
      `endpoint = SPARQLWrapper(${python(endpoint)})`,
      'endpoint.setMethod(POST)',
      `endpoint.setReturnFormat(${gives === 'graph' ? 'TURTLE' : 'JSON'})`,
      `endpoint.setQuery(${python(query)})`,
      ...{
        rows: [
          'for row in endpoint.queryAndConvert()["results"]["bindings"]:',
          '    print({name: cell["value"] for name, cell in row.items()})',
        ],
        answer: ['print(endpoint.queryAndConvert()["boolean"])'],
        graph: ['print(endpoint.queryAndConvert().decode())'],
      }[gives],
      '',
    ].join('\n'),

  'Python, rdflib': ({ query, endpoint, gives }) =>
    [
      'from rdflib.plugins.stores.sparqlstore import SPARQLStore',
      '',
      `endpoint = SPARQLStore(${python(endpoint)}, method="POST_FORM")`,
      `result = endpoint.query(${python(query)})`,
      ...{
        rows: ['for row in result:', '    print(row.asdict())'],
        answer: ['print(result.askAnswer)'],
        graph: ['print(result.graph.serialize(format="turtle"))'],
      }[gives],
      '',
    ].join('\n'),

  R: ({ query, endpoint, gives }) =>
    [
      'library(httr2)',
      '',
      `query <- ${r(query)}`,
      `answer <- request(${r(endpoint)}) |>`,
      `  req_headers(Accept = ${r(ACCEPT[gives])}) |>`,
      '  req_body_form(query = query) |>',
      '  req_perform()',
      {
        rows: 'print(read.csv(text = resp_body_string(answer)))',
        answer: 'print(resp_body_json(answer, check_type = FALSE)$boolean)',
        graph: 'cat(resp_body_string(answer))',
      }[gives],
      '',
    ].join('\n'),

  JavaScript: ({ query, endpoint, gives }) =>
    [
      `const query = ${javascript(query)};`,
      `const answer = await fetch(${JSON.stringify(endpoint)}, {`,
      "  method: 'POST',",
      `  headers: { Accept: '${gives === 'rows' ? ACCEPT.answer : ACCEPT[gives]}' },`,
      '  body: new URLSearchParams({ query }),',
      '});',
      'if (!answer.ok) throw new Error(await answer.text());',
      {
        rows: 'console.table((await answer.json()).results.bindings);',
        answer: 'console.log((await answer.json()).boolean);',
        graph: 'console.log(await answer.text());',
      }[gives],
      '',
    ].join('\n'),
};

/** @param {string} text */
const shell = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** @param {string} text */
function python(text) {
  const plain = text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r').replaceAll('\0', '\\0');
  if (!plain.includes('\n')) return `"${plain.replaceAll('"', '\\"')}"`;
  return `"""${plain.replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"')}"""`;
}

/** @param {string} text */
function r(text) {
  if (!/["\\\n]/.test(text)) return `"${text}"`;
  let dashes = '';
  while (text.includes(`)${dashes}"`)) dashes += '-';
  return `r"${dashes}(${text})${dashes}"`;
}

/** @param {string} text */
const javascript = (text) => `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\r', '\\r')}\``;
