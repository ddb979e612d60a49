import type { VoiceLanguageCode } from '../../../functions/src/shared/voice.ts';
import type { VoiceSegment } from '../../../functions/src/shared/api/voice.ts';

/** A piece of a caption that lights up as a whole: a word with the signs that hang on it, or a letter. */
export interface CaptionPiece {
  text: string;
  /** When it is said, in seconds of the clip; null where nobody knows. */
  start: number | null;
  end: number | null;
}

/**
 * Written without spaces between words, and a sign is about a syllable: lighting up sign by sign is what a reader's eye does. Thai has no
 * spaces either, but its letters are no syllables: a browser's dictionary finds its words.
 */
const bySign: readonly VoiceLanguageCode[] = ['zh', 'ja'];

/** Code that Norwegian and Filipino go by in Unicode's data. */
const segmenterCodes: Partial<Record<VoiceLanguageCode, string>> = { no: 'nb' };

function segmentsOf(text: string, language: VoiceLanguageCode): { text: string; isWord: boolean }[] {
  const granularity = bySign.includes(language) ? 'grapheme' : 'word';
  const segmenter = new Intl.Segmenter(segmenterCodes[language] ?? language, { granularity });
  return Array.from(segmenter.segment(text), ({ segment, isWordLike }) => ({
    text: segment,
    isWord: granularity === 'word' ? isWordLike === true : /[\p{L}\p{N}]/u.test(segment),
  }));
}

/** A sign that opens what follows: it belongs to the next word, any other to the word before. */
const opening = /^[\p{Ps}\p{Pi}¿¡„"]$/u;

/** Cuts a text into pieces. Joined they are the text; no piece begins inside what a reader sees as one letter. */
export function cutText(text: string, language: VoiceLanguageCode): string[] {
  const pieces: string[] = [];
  let lead = '';
  for (const { text: part, isWord } of segmentsOf(text, language)) {
    if (isWord) {
      pieces.push(lead + part);
      lead = '';
    } else if (opening.test(part) || pieces.length === 0 || lead !== '') {
      lead += part;
    } else {
      pieces[pieces.length - 1] += part;
    }
  }
  if (lead !== '') {
    if (pieces.length === 0) pieces.push(lead);
    else pieces[pieces.length - 1] += lead;
  }
  return pieces;
}

/** The pieces of a segment with the times of the recording. Without times that fit the text the segment lights up as a whole. */
export function captionOf(segment: VoiceSegment, language: VoiceLanguageCode): CaptionPiece[] {
  const { text, characters } = segment;
  const letters = Array.from(text);
  if (!characters || characters.starts.length !== letters.length || characters.ends.length !== letters.length) {
    return [{ text, start: segment.seconds === null ? null : 0, end: segment.seconds }];
  }
  let first = 0;
  return cutText(text, language).map((piece) => {
    const points = Array.from(piece);
    const last = first + points.length - 1;
    // A word is said until its last letter; the pause of the comma behind it is not the word.
    const lastLetter =
      first +
      Math.max(
        0,
        points.findLastIndex((point) => /[\p{L}\p{N}\p{M}]/u.test(point)),
      );
    const timed = { text: piece, start: characters.starts[first] ?? null, end: characters.ends[lastLetter] ?? null };
    first = last + 1;
    return timed;
  });
}

/** The piece that is being said at a moment, or the one said last; -1 before the first. */
export function pieceAt(pieces: readonly CaptionPiece[], seconds: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.start ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
