// Yasgui speaks English alone: its own words are put into the language of the page as they appear.

/** @type {Record<string, [ru: string, zh: string]>} */
const WORDS = {
  'Run query': ['Выполнить запрос', '执行查询'],
  'Share query': ['Поделиться запросом', '分享查询'],
  'Close tab': ['Закрыть вкладку', '关闭标签页'],
  'New Tab': ['Новая вкладка', '新建标签页'],
  'Rename Tab': ['Переименовать вкладку', '重命名标签页'],
  'Copy Tab': ['Копировать вкладку', '复制标签页'],
  'Close Tab': ['Закрыть вкладку', '关闭标签页'],
  'Close other tabs': ['Закрыть другие вкладки', '关闭其他标签页'],
  'Undo close Tab': ['Вернуть закрытую вкладку', '恢复关闭的标签页'],
  Table: ['Таблица', '表格'],
  Response: ['Ответ', '响应'],
  Boolean: ['Да или нет', '布尔值'],
  'Shows Table view': ['Показать таблицу', '显示表格'],
  'Shows Response view': ['Показать ответ', '显示响应'],
  'Simple view': ['Просто', '简洁'],
  Ellipse: ['Сокращать', '省略'],
  'Filter query results': ['Искать в результатах', '筛选结果'],
  'Page size:': ['На странице:', '每页：'],
  All: ['Все', '全部'],
  'Show all': ['Показать всё', '显示全部'],
  'Download result': ['Скачать результат', '下载结果'],
  'Download Results': ['Скачать результат', '下载结果'],
  'Download not supported': ['Скачать нельзя', '无法下载'],
  'No data available in table': ['Ничего не найдено', '没有结果'],
  'No matching records found': ['Ничего не найдено', '没有匹配的结果'],
  'Press CTRL - <spacebar> to autocomplete': ['CTRL-пробел дополняет', '按 Ctrl-空格补全'],
  True: ['Да', '是'],
  False: ['Нет', '否'],
};

/** @type {[RegExp, [ru: string, zh: string]][]} */
const PATTERNS = [
  [/^(\d+) results? in ([\d.]+) seconds?$/, ['Результатов: $1 за $2 с', '$1 条结果，用时 $2 秒']],
  [/^(\d+) results?$/, ['Результатов: $1', '$1 条结果']],
  [/^Response in ([\d.]+) seconds?$/, ['Ответ за $1 с', '响应用时 $1 秒']],
  [/^Showing (\S+) to (\S+) of (\S+) entr(?:y|ies)$/, ['Строки $1–$2 из $3', '第 $1–$2 行，共 $3 行']],
  [/^Showing (\S+) to (\S+) of (\S+) entr(?:y|ies) \(filtered from (\S+) total entr(?:y|ies)\)$/,
    ['Строки $1–$2 из $3, всего $4', '第 $1–$2 行，共 $3 行（总计 $4 行）']],
];
const ATTRIBUTES = ['title', 'aria-label', 'placeholder'];
const NOT_OURS = '.CodeMirror-scroll, .CodeMirror-hints, tbody, .tabsList [role=tab], .sparql-tools, .problem, .yasr_results pre';

/**
 * Returns Yasgui's words in another language, null when they are none of them.
 * @param {string} text
 * @param {string} language
 */
export function translated(text, language) {
  const place = { ru: 0, zh: 1 }[language.slice(0, 2).toLowerCase()];
  const words = text.trim();
  if (place === undefined || !words) return null;
  if (Object.hasOwn(WORDS, words)) return text.replace(words, WORDS[words][place]);
  const found = PATTERNS.find(([pattern]) => pattern.test(words));
  return found ? words.replace(found[0], found[1][place]) : null;
}

/**
 * Keeps an element's words in a language, now and when they change; cells and queries are left alone.
 * @param {HTMLElement} root
 * @param {string} language
 */
export function speak(root, language) {
  if (translated('Table', language) === null) return;
  const put = (/** @type {Node} */ node) => {
    const parent = node instanceof Element ? node : node.parentElement;
    if (!parent || parent.closest(NOT_OURS)) return;
    if (node instanceof Text) {
      const text = translated(node.data, language);
      if (text !== null) node.data = text;
    } else if (node instanceof Element) {
      for (const name of ATTRIBUTES) {
        const text = translated(node.getAttribute(name) ?? '', language);
        if (text !== null) node.setAttribute(name, text);
      }
      for (const child of node.childNodes) put(child);
    }
  };
  put(root);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'childList') addedNodes.forEach(put);
      else put(target);
    }
  }).observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES });
}
