// The query editor: Yasgui over our own endpoint. Asks no other host.
//
// Needs  <div data-sparql data-endpoint="/sparql" data-completions="/sparql/completions" data-search="/search"
//             data-base="https://w3id.org/unipact/" data-public="https://…/sparql"></div>
//        data-base: IRIs that begin so link to this server. data-public: the address that copied code asks (else this page's).
//        <form data-plain-query>…<textarea name="query">…</form>: the form that works without JavaScript. It is hidden, and so is
//        everything with data-plain (the server's results); its text is the query that the editor begins with.
//        <a href="/sparql?query=…"> anywhere on the page opens in the editor and runs; ?query= in the address does so, too.
// Gets   {completions}?kind=class|property|prefix[&q=…]
//          {"completions": [{"iri", "label"?, "prefix" (kind=prefix alone)}], "more"?: true when only some came without q}
//        {search}?q=…&limit=20: as search.js.
//        Errors as problem details with "where": {"line", "column"}, both from 1, the column in code points.
// Adds   after the editor of each tab: downloads (?format=csv|tsv|json|xml or ttl|nt|jsonld|rdf) and the query as code.
// Keys   Control-Space completes, Control-Enter runs, Escape leaves the editor; Delete on a tab closes it.
// Sets   data-ready on the element; the address is a permalink of the query that ran last.

import '@zazuko/yasgui/build/yasgui.min.css';
import './sparql.css';
import Yasgui from '@zazuko/yasgui';
import { tell, written } from './clipboard.js';
import { completeFrom } from './completing.js';
import { element, islands } from './elements.js';
import { fault, unit } from './faults.js';
import { SNIPPETS, givesOf } from './snippets.js';
import { speak } from './translating.js';
import { say } from './words.js';

const MOST_TABS = 12;
const LONGEST_ADDRESS = 6000; // characters; longer queries are posted
const FORMATS = { rows: ['csv', 'tsv', 'json', 'xml'], answer: ['json', 'xml'], graph: ['ttl', 'nt', 'jsonld', 'rdf'] };

/** @param {HTMLElement} root */
function start(root) {
  const { completions = '/sparql/completions', search = '/search', base = '' } = root.dataset;
  const endpoint = new URL(root.dataset.endpoint ?? '/sparql', location.href).href;
  const shared = root.dataset.public || endpoint;
  const plain = /** @type {HTMLFormElement|null} */ (document.querySelector('form[data-plain-query]'));
  const first = /** @type {HTMLTextAreaElement|null} */ (plain?.querySelector('textarea'))?.value.trim() ?? '';
  const prefixes = completeFrom(Yasgui.Yasqe, { completions, search });
  Yasgui.Yasqe.defaults.prefixCcApi = null;
  /** @type {any} */ (Yasgui.Yasr.defaults).errorRenderers = [explained];
  /** @type {any} */ (Yasgui.Tab).prototype.getShareableLink = function link() {
    return permalink(this.getQuery());
  };

  const yasgui = /** @type {any} */ (
    new Yasgui(root, /** @type {any} */ ({
      persistenceId: 'unipact',
      tabName: say('query'),
      populateFromUrl: false,
      autofocus: false,
      copyEndpointOnNewTab: false,
      requestConfig: { endpoint, method: 'POST', acceptHeaderGraph: 'text/turtle', acceptHeaderSelect: 'application/sparql-results+json' },
      endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
      yasqe: { value: first, createShortLink: undefined, resizeable: true },
      yasr: { prefixes },
    }))
  );

  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('form[data-plain-query], [data-plain]'))) one.hidden = true;
  tabKeys(yasgui);
  speak(yasgui.rootEl, document.documentElement.lang);
  const equip = () => {
    const tab = yasgui.getTab();
    if (tab?.getYasqe() && !tab.rootEl.querySelector('.sparql-tools')) prepare(tab, { shared, base, endpoint });
  };
  yasgui.on('tabSelect', () => setTimeout(equip));
  yasgui.on('tabAdd', () => setTimeout(equip));
  yasgui.on('query', (/** @type {any} */ _, /** @type {any} */ tab) => history.replaceState(null, '', permalink(tab.getQuery())));
  document.addEventListener('click', (event) => {
    const link = /** @type {HTMLAnchorElement|null} */ (/** @type {Element} */ (event.target).closest('a[href]'));
    const query = link && link.origin + link.pathname === endpoint && new URL(link.href).searchParams;
    if (!query || !query.get('query') || query.has('format') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    run(yasgui, query.get('query') ?? '', endpoint);
    root.scrollIntoView({ block: 'start' });
  });
  const asked = new URLSearchParams(location.search).get('query');
  for (const tab of Object.values(yasgui._tabs)) /** @type {any} */ (tab).setRequestConfig({ endpoint }); // a kept tab may know another port
  equip();
  if (asked) run(yasgui, asked, endpoint);
  root.dataset.ready = '';
}

/**
 * Puts the button for a new tab outside of the list of tabs, where it belongs for a screen reader; Delete closes a tab.
 * @param {any} yasgui
 */
function tabKeys(yasgui) {
  const list = yasgui.rootEl.querySelector('.tabsList');
  const add = element('button', { type: 'button', class: 'sparql-new', title: say('newTab'), 'aria-label': say('newTab') }, '+');
  add.addEventListener('click', () => yasgui.addTab(true));
  list.after(add);
  list.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const id = /** @type {Element} */ (event.target).closest('[role=tab]')?.getAttribute('href')?.slice(1);
    if (event.key === 'Delete' && id && yasgui.persistentConfig.getTabs().length > 1) yasgui.getTab(id)?.close();
  });
}

/**
 * Opens a query in its tab and runs it; the oldest tabs go when there are many.
 * @param {any} yasgui
 * @param {string} query
 * @param {string} endpoint
 */
function run(yasgui, query, endpoint) {
  const same = Object.values(yasgui._tabs).find((/** @type {any} */ tab) => tab.getPersistedJson().yasqe.value?.trim() === query.trim());
  if (same) yasgui.selectTabId(/** @type {any} */ (same).getId());
  else {
    yasgui.addTab(true, { ...yasgui.constructor.Tab.getDefaults(yasgui), name: nameOf(query), requestConfig: { ...yasgui.config.requestConfig, endpoint }, yasqe: { value: query } });
    const old = yasgui.persistentConfig.getTabs().slice(0, -MOST_TABS);
    for (const id of old) yasgui.getTab(id)?.close();
  }
  const tab = yasgui.getTab();
  if (tab.getQuery() !== query) tab.setQuery(query);
  tab.query().catch(() => {});
}

/** The first line when it is a comment, as in the examples. @param {string} query */
function nameOf(query) {
  const comment = /^\s*#\s*(.+)/.exec(query)?.[1].trim();
  return comment ? comment.slice(0, 40) : say('query');
}

/** @param {string} query */
const permalink = (query) => `${location.origin}${location.pathname}?query=${encodeURIComponent(query)}`;

/**
 * Adds downloads, code and inline errors to a tab.
 * @param {any} tab
 * @param {{shared: string, base: string, endpoint: string}} addresses
 */
function prepare(tab, { shared, base, endpoint }) {
  const editor = tab.getYasqe();
  editor.getInputField().setAttribute('aria-label', say('editor'));
  const tools = element('div', { class: 'sparql-tools' });
  tab.rootEl.querySelector('.editorwrapper').after(tools);

  const downloads = element('p', { class: 'get' });
  const code = element('pre', { class: 'sparql-code', tabindex: '0' });
  const language = /** @type {HTMLSelectElement} */ (
    element('select', { 'aria-label': say('copyAs') }, ...Object.keys(SNIPPETS).map((name) => element('option', {}, name)))
  );
  const copy = element('button', { type: 'button' }, say('copy'));
  const as = element('details', { class: 'sparql-as' }, element('summary', {}, say('copyAs')), element('p', {}, language, ' ', copy), code);
  tools.append(downloads, as);

  const asked = () => ({ query: editor.getValue(), endpoint: shared, gives: givesOf(editor.getQueryType()) });
  const refresh = () => {
    const { query, gives } = asked();
    downloads.replaceChildren(`${say('download')} `, ...FORMATS[gives].map((format) => downloadLink(endpoint, query, format)));
    code.textContent = SNIPPETS[language.value](asked());
  };
  copy.addEventListener('click', async () => tell(copy, say((await written(code.textContent ?? '')) ? 'copied' : 'copyFailed')));
  language.addEventListener('change', refresh);
  /** @type {any[]} */
  let marks = [];
  const clear = () => {
    for (const mark of marks.splice(0)) mark.clear();
  };
  editor.on('change', () => {
    clear();
    refresh();
  });
  editor.on('queryBefore', clear);
  editor.on('queryResponse', (/** @type {any} */ _, /** @type {any} */ response) => {
    clear();
    if (response instanceof Error) marks = marked(editor, fault(response.message));
  });
  refresh();

  tab.rootEl.addEventListener('click', (/** @type {Event} */ event) => {
    const place = /** @type {HTMLElement} */ (event.target).dataset?.place;
    if (!place) return;
    const [line, column] = place.split(':').map(Number);
    editor.focus();
    editor.getDoc().setCursor({ line: line - 1, ch: unit(editor.getDoc().getLine(line - 1) ?? '', column) });
  });
  new MutationObserver(() => {
    localised(tab.rootEl, base);
    tab.rootEl.querySelector('.tableSizer')?.setAttribute('aria-label', say('pageSize'));
  }).observe(tab.rootEl.querySelector('.yasr'), { childList: true, subtree: true });
}

/** @param {string} endpoint @param {string} query @param {string} format */
function downloadLink(endpoint, query, format) {
  const url = new URL(endpoint);
  url.searchParams.set('query', query);
  url.searchParams.set('format', format);
  if (url.href.length <= LONGEST_ADDRESS) {
    return element('a', { href: url.href, download: `query.${format}` }, format);
  }
  const hidden = (/** @type {string} */ name, /** @type {string} */ value) => element('input', { type: 'hidden', name, value });
  return element(
    'form',
    { method: 'post', action: endpoint, target: '_blank' },
    hidden('query', query),
    hidden('format', format),
    element('button', {}, format),
  );
}

/** @param {any} editor @param {import('./faults.js').Fault} found */
function marked(editor, { line, column }) {
  const doc = editor.getDoc();
  const text = line && doc.getLine(line - 1);
  if (typeof text !== 'string') return [];
  const from = unit(text, column);
  const to = from + (/^\s*(\S+)/.exec(text.slice(from))?.[0].length ?? 1);
  const wide = from >= text.length ? { from: Math.max(0, text.length - 1), to: text.length } : { from, to };
  const mark = doc.markText({ line: line - 1, ch: wide.from }, { line: line - 1, ch: wide.to }, { className: 'sparql-fault' });
  editor.addLineClass(line - 1, 'background', 'sparql-fault-line');
  return [mark, { clear: () => editor.removeLineClass(line - 1, 'background', 'sparql-fault-line') }];
}

/** Draws a problem in place of a result. @param {{text?: string, message?: string}} error */
async function explained(error) {
  const { title, detail, hint, line, column } = fault(error.text ?? error.message ?? '');
  const unreachable = /^(failed to fetch|networkerror|load failed)/i.test(detail);
  const box = element('section', { class: 'problem', role: 'alert' });
  box.append(element('h2', {}, title || say('failed')), element('p', {}, unreachable ? say('unreachable') : detail));
  if (hint) box.append(element('pre', { class: 'hint' }, hint));
  if (line) box.append(element('button', { type: 'button', 'data-place': `${line}:${column}` }, say('place', { line, column })));
  return box;
}

/** Links to our own things stay on this server. @param {HTMLElement} within @param {string} base */
function localised(within, base) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (within.querySelectorAll('a.iri:not([data-seen])'))) {
    link.dataset.seen = '';
    const iri = link.getAttribute('href') ?? '';
    if (base && iri.startsWith(base)) {
      link.href = `/${iri.slice(base.length)}`;
      link.title = iri;
      link.removeAttribute('target');
    } else link.rel = 'noopener noreferrer nofollow';
  }
}

islands('[data-sparql]', start);
