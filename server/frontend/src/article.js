// An article and its facts: a click on a fact lights up its words, a click on words lights up their facts.
//
// Needs  <div data-article>  around both sides, and in it
//        <mark data-facts="KEY KEY" data-passages="KEY">words</mark>   in the text, and
//        <li data-fact="KEY" id="fact-KEY">…</li>                       for each fact (any element).
// Marks do not nest: where passages overlap, the server cuts the text at every begin and end, and each piece lists all its facts
// and passages. The first piece of a passage has id="passage-KEY", so that #passage-KEY works without JavaScript.
//        A mark may hold a link, as to what its words name: it lights up with its facts, but a click follows the link.
// Sets   class "lit" on what belongs together, "dimmed" on the root while something is lit, #fact-KEY or #passage-KEY in the
//        address. A fact's own <button data-shows hidden> lights it up; without one the fact itself does.
// Keys   Tab goes to the text (one stop) and to each fact; arrows go from mark to mark, Enter lights up, Escape ends it.

import './article.css';
import { islands } from './elements.js';
import { listed, named, next } from './passages.js';

/** @param {HTMLElement} root */
function start(root) {
  const marks = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('mark[data-facts]')]);
  const stops = marks.filter((mark) => !mark.querySelector('a')); // a button must not hold a link
  const facts = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[data-fact]')]);
  /** @type {string[]} */
  let lit = [];

  for (const [place, mark] of stops.entries()) {
    mark.tabIndex = place ? -1 : 0;
    mark.setAttribute('role', 'button');
    mark.setAttribute('aria-pressed', 'false');
  }
  for (const fact of facts) prepare(fact);

  /** @param {HTMLElement} fact */
  function prepare(fact) {
    const button = fact.querySelector('[data-shows]') ?? fact;
    if (button !== fact) /** @type {HTMLElement} */ (button).hidden = false;
    else {
      fact.tabIndex = 0;
      fact.classList.add('shows');
    }
  }

  /**
   * @param {string[]} keys
   * @param {{from?: Element|null, passage?: string}} [how]
   */
  function light(keys, { from = null, passage = '' } = {}) {
    lit = keys;
    const isLit = (/** @type {string[]} */ these) => these.some((key) => keys.includes(key));
    for (const mark of marks) {
      const on = isLit(listed(mark.dataset.facts)) && (!passage || listed(mark.dataset.passages).includes(passage));
      mark.classList.toggle('lit', on);
      if (mark.hasAttribute('role')) mark.setAttribute('aria-pressed', String(on));
    }
    for (const fact of facts) {
      const on = keys.includes(fact.dataset.fact ?? '');
      fact.classList.toggle('lit', on);
      fact.querySelector('[data-shows]')?.setAttribute('aria-pressed', String(on));
    }
    root.classList.toggle('dimmed', keys.length > 0);
    const others = from && marks.includes(/** @type {HTMLElement} */ (from)) ? facts : marks;
    others.find((one) => one.classList.contains('lit'))?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {string} hash */
  function remember(hash) {
    history.replaceState(history.state, '', hash || location.pathname + location.search);
  }

  /** @param {HTMLElement} mark */
  function lightMark(mark) {
    focusMark(mark);
    light(next(listed(mark.dataset.facts), lit), { from: mark });
    const [passage] = listed(mark.dataset.passages);
    remember(lit.length && passage ? `#passage-${encodeURIComponent(passage)}` : '');
  }

  /** @param {HTMLElement} fact */
  function lightFact(fact) {
    const key = fact.dataset.fact ?? '';
    light(lit.length === 1 && lit[0] === key ? [] : [key], { from: fact });
    remember(lit.length ? `#fact-${encodeURIComponent(key)}` : '');
  }

  /** @param {HTMLElement} mark */
  function focusMark(mark) {
    for (const one of stops) one.tabIndex = one === mark ? 0 : -1;
    mark.focus();
  }

  function follow() {
    const target = named(location.hash);
    if (!target) return;
    if (target.kind === 'fact') return light([target.key]);
    const pieces = marks.filter((mark) => listed(mark.dataset.passages).includes(target.key));
    light([...new Set(pieces.flatMap((mark) => listed(mark.dataset.facts)))], { passage: target.key });
    pieces[0]?.scrollIntoView({ block: 'center' });
  }

  root.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('a[href]')) return;
    const mark = /** @type {HTMLElement|null} */ (target.closest('mark[data-facts]'));
    if (mark && root.contains(mark)) return lightMark(mark);
    const fact = /** @type {HTMLElement|null} */ (target.closest('[data-fact]'));
    if (!fact) return;
    const shows = target.closest('[data-shows]');
    const acts = target.closest('a, button, summary, input, select, blockquote');
    if (shows || (!acts && !fact.querySelector('[data-shows]') && !String(getSelection()))) lightFact(fact);
  });
  root.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const at = stops.indexOf(target);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0;
    if (event.key === 'Escape' && lit.length) {
      light([]);
      remember('');
    } else if (at >= 0 && step && stops[at + step]) focusMark(stops[at + step]);
    else if (at >= 0 && (event.key === 'Enter' || event.key === ' ')) lightMark(target);
    else if (facts.includes(target) && (event.key === 'Enter' || event.key === ' ')) lightFact(target);
    else return;
    event.preventDefault();
  });
  addEventListener('hashchange', follow);
  follow();
}

islands('[data-article]', start);
