const accents: Record<string, string> = {
  a: 'á',
  e: 'ë',
  i: 'ï',
  o: 'ø',
  u: 'ü',
  c: 'ç',
  n: 'ñ',
  A: 'Å',
  E: 'Ë',
  O: 'Ø',
};

/** Rewrites one ICU message so that text which bypasses translation, or is too long for its place, stands out. */
export function pseudoMessage(message: string): string {
  let depth = 0;
  let inTag = false;
  let text = '';
  for (const character of message) {
    if (character === '{') depth += 1;
    if (character === '<') inTag = true;
    text += depth === 0 && !inTag ? (accents[character] ?? character) : character;
    if (character === '}') depth -= 1;
    if (character === '>') inTag = false;
  }
  return `⟦${text}${'·'.repeat(Math.ceil(message.length / 4))}⟧`;
}

/** Rewrites all messages, keeping their ids. */
export function pseudoMessages<T extends Record<string, string>>(messages: T): T {
  return Object.fromEntries(Object.entries(messages).map(([id, message]) => [id, pseudoMessage(message)])) as T;
}
