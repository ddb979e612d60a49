import type { VoiceLanguage } from './languages.ts';

/** A name that is longer is a text. */
const maxGraphemes = 40;
const maxWords = 4;

/** What names consist of, in every script: letters with their marks, and what joins them. */
const nameOnly = /^[\p{L}\p{M}\p{Zs}'’.-]+$/u;
const letterRuns = /(\p{L})\p{M}*(?:\1\p{M}*){3}/iu;
/** Two points or more in a row, or a word with points inside it, as in an address of the web. */
const webLike = /\.\.|\p{L}{2,}\.\p{L}{2,}/u;
/** More marks on one letter than any script writes: decoration that nobody can read aloud. */
const piledMarks = /\p{M}{4}/u;

/** Languages whose speakers put the family name first: a part of the name alone could be the wrong one. */
const familyFirst: ReadonlySet<VoiceLanguage> = new Set(['zh', 'ja', 'ko', 'vi', 'hu']);

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Gives a display name as it may be said aloud, or null where it can't be: too long, with digits, mark-up, an address, invisible
 * characters or a letter over and over. What is said is paid for by the character and heard as our word, so a doubt means no.
 */
export function safeName(displayName: string | null): string | null {
  const name = (displayName ?? '')
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  if (name === '' || !nameOnly.test(name) || !/\p{L}/u.test(name)) return null;
  if (letterRuns.test(name) || webLike.test(name) || piledMarks.test(name)) return null;
  const words = name.split(' ');
  if (words.length > maxWords || words.some((word) => !/\p{L}/u.test(word))) return null;
  return [...graphemes.segment(name)].length > maxGraphemes ? null : name;
}

/**
 * Gives the part of a name that a greeting says: the first word, so that all Annas share one clip, and a stranger's full name is not
 * kept for a hello. The whole where the family name comes first, or the first word is an initial or a title.
 */
export function spokenName(displayName: string | null, language: VoiceLanguage): string | null {
  const name = safeName(displayName);
  if (name === null || familyFirst.has(language)) return name;
  const [first = name] = name.split(' ');
  const isShort = first.endsWith('.') || [...graphemes.segment(first)].length < 2;
  return isShort ? name : first;
}
