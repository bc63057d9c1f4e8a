// What the scripts themselves say, in the languages of the pages; pages bring their own words.

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  suggestions: { en: 'Suggestions', ru: 'Подсказки', zh: '建议' },
  found: { en: '{n} suggestions', ru: 'Подсказок: {n}', zh: '{n} 条建议' },
  nothing: { en: 'No suggestions', ru: 'Подсказок нет', zh: '没有建议' },
  copied: { en: 'Copied', ru: 'Скопировано', zh: '已复制' },
  copy: { en: 'Copy', ru: 'Копировать', zh: '复制' },
  copyFailed: { en: 'Could not copy', ru: 'Не удалось скопировать', zh: '无法复制' },
  rows: { en: '{n} of {all} rows', ru: 'Строк: {n} из {all}', zh: '{all} 行中的 {n} 行' },
  themeSystem: { en: 'Colours: as the system', ru: 'Цвета: как в системе', zh: '配色：跟随系统' },
  themeLight: { en: 'Colours: light', ru: 'Цвета: светлые', zh: '配色：浅色' },
  themeDark: { en: 'Colours: dark', ru: 'Цвета: тёмные', zh: '配色：深色' },
  zoomIn: { en: 'Zoom in', ru: 'Приблизить', zh: '放大' },
  zoomOut: { en: 'Zoom out', ru: 'Отдалить', zh: '缩小' },
  zoomReset: { en: 'Show all', ru: 'Показать всё', zh: '显示全部' },
  shown: { en: '{n} of {all} shown', ru: 'Показано: {n} из {all}', zh: '显示 {all} 个中的 {n} 个' },
  network: {
    en: 'Network. Arrow keys go from node to node, Enter opens one.',
    ru: 'Сеть. Стрелки ведут от узла к узлу, Enter открывает узел.',
    zh: '网络图。方向键在节点间移动，回车键打开节点。',
  },
  ties: { en: '{n} ties', ru: 'Связей: {n}', zh: '{n} 个关联' },
  downloadAs: { en: 'Download as {format}', ru: 'Скачать как {format}', zh: '下载为 {format}' },
  download: { en: 'Download', ru: 'Скачать', zh: '下载' },
  copyAs: { en: 'Copy as', ru: 'Копировать как', zh: '复制为' },
  query: { en: 'Query', ru: 'Запрос', zh: '查询' },
  newTab: { en: 'New query', ru: 'Новый запрос', zh: '新查询' },
  pageSize: { en: 'Rows on a page', ru: 'Строк на странице', zh: '每页行数' },
  place: { en: 'Line {line}, column {column}', ru: 'Строка {line}, столбец {column}', zh: '第 {line} 行，第 {column} 列' },
  failed: { en: 'The query failed', ru: 'Запрос не выполнен', zh: '查询失败' },
  unreachable: {
    en: 'The server did not answer. Is the network there?',
    ru: 'Сервер не ответил. Есть ли сеть?',
    zh: '服务器没有响应。请检查网络。',
  },
  editor: {
    en: 'SPARQL query. Control-Space completes, Control-Enter runs, Escape leaves the editor.',
    ru: 'Запрос SPARQL. Control-Пробел дополняет, Control-Enter выполняет, Escape выходит из редактора.',
    zh: 'SPARQL 查询。Ctrl-空格补全，Ctrl-回车执行，Esc 离开编辑器。',
  },
};

/**
 * Returns a sentence in the language of the page, English where it is another one.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 * @param {string} [language]
 */
export function say(key, values = {}, language = document.documentElement.lang) {
  const sentence = WORDS[key][language.slice(0, 2).toLowerCase()] ?? WORDS[key].en;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
