// Finds the words of a question in a name as the server's index does: case and accents do not matter.

const LETTERS = new Map(Object.entries({
  ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ß: 'ss', ħ: 'h', ŧ: 't', ŋ: 'n', ə: 'a',
  "'": '', '’': '', '‘': '', ʼ: '', ʻ: '', '`': '', '´': '', ʹ: '',
}));
const IDEOGRAPH = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

/**
 * Returns the letters that a text is compared by, and for each where its character begins and ends.
 * @param {string} text
 */
export function folded(text) {
  let letters = '';
  /** @type {[number, number][]} */
  const places = [];
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    const plain = character.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
    for (const letter of plain) {
      const known = LETTERS.get(letter) ?? letter;
      letters += known;
      for (let unit = 0; unit < known.length; unit += 1) places.push([at, end]);
    }
    at = end;
  }
  return { letters, places };
}

/**
 * Cuts a name into pieces; those that the question names are hits.
 * @param {string} name
 * @param {string} question
 * @returns {{text: string, hit: boolean}[]}
 */
export function marked(name, question) {
  const { letters, places } = folded(name);
  const words = folded(question).letters.match(/[\p{L}\p{N}]+/gu) ?? [];
  const hit = new Uint8Array(name.length);
  for (const word of words) {
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + 1)) {
      if (!beginsWord(letters, at)) continue;
      hit.fill(1, places[at][0], places[at + word.length - 1][1]);
    }
  }
  return pieces(name, hit);
}

/** @param {string} letters @param {number} at */
function beginsWord(letters, at) {
  return at === 0 || IDEOGRAPH.test(letters[at]) || !/[\p{L}\p{N}]/u.test(letters[at - 1]);
}

/** @param {string} text @param {Uint8Array} hit */
function pieces(text, hit) {
  const found = [];
  for (let start = 0; start < text.length; ) {
    let end = start + 1;
    while (end < text.length && hit[end] === hit[start]) end += 1;
    found.push({ text: text.slice(start, end), hit: hit[start] === 1 });
    start = end;
  }
  return found;
}
