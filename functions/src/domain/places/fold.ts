/** Letters that no decomposition takes apart. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ə: 'a',
};

/**
 * Brings a name into the form in which names are compared: small letters without accents, apostrophes dropped, anything else between
 * words one space, "saint" and "mount" written out. `São Tomé & Príncipe` and `sao tome and principe` are the same.
 */
export function fold(text: string): string {
  // Nearly all names are like this, and there are thousands of them to fold before the first question can be answered.
  const isPlain = /^[A-Za-z]+( [A-Za-z]+)*$/.test(text) && !/\b(st|mt|the)\b/i.test(text);
  return isPlain ? text.toLowerCase() : foldLetters(text);
}

function foldLetters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøłæœđðþıə]/g, (letter) => letters[letter] ?? letter)
    .replace(/['’‘ʻʼ`´]/g, '')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\bst\b/g, 'saint')
    .replace(/\bmt\b/g, 'mount')
    .replace(/^the /, '');
}
