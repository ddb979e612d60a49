import { describe, expect, test } from 'vitest';
import type { VoiceSegment } from '../../../functions/src/shared/api/voice.ts';
import type { VoiceLanguageCode } from '../../../functions/src/shared/voice.ts';
import { captionOf, cutText, pieceAt } from './captions.ts';

const texts: [VoiceLanguageCode, string][] = [
  ['en', 'And we keep one promise: you are connected, or you get your money back.'],
  ['fr', 'N’hésitez pas : c’est gratuit !'],
  ['es', '¿Sabías que ganas algo con cada compra?'],
  ['th', 'ยินดีต้อนรับสู่ DOTM ขอบคุณที่เดินทางไปกับเรา'],
  ['hi', 'DOTM में आपका स्वागत है, और हमारे साथ यात्रा करने के लिए धन्यवाद।'],
  ['ar', 'أهلًا بك في DOTM، وشكرًا لاختيارك السفر معنا.'],
  ['he', 'ברוכים הבאים ל-DOTM!'],
  ['zh', '欢迎来到DOTM，感谢您与我们同行。'],
  ['ja', 'DOTMへようこそ。'],
  ['ko', 'DOTM에 오신 것을 환영합니다.'],
  ['no', 'Velkommen til DOTM.'],
  ['fil', 'Maligayang pagdating sa DOTM.'],
];

function segmentOf(text: string): VoiceSegment {
  const letters = Array.from(text);
  return {
    index: 1,
    kind: 'body',
    text,
    seconds: letters.length / 10,
    audio: null,
    characters: {
      starts: letters.map((_, index) => index / 10),
      ends: letters.map((_, index) => (index + 1) / 10),
    },
  };
}

describe.each(texts)('captions in %s', (language, text) => {
  test('the pieces together are the text, sign by sign', () => {
    expect(cutText(text, language).join('')).toBe(text);
  });

  test('no piece is only a space or a sign', () => {
    expect(cutText(text, language).filter((piece) => !/[\p{L}\p{N}]/u.test(piece))).toEqual([]);
  });

  test('no piece begins inside what a reader sees as one letter', () => {
    const graphemes = new Intl.Segmenter(language, { granularity: 'grapheme' });
    const starts = new Set(Array.from(graphemes.segment(text), ({ index }) => index));
    let at = 0;
    for (const piece of cutText(text, language)) {
      expect(starts.has(at)).toBe(true);
      at += piece.length;
    }
  });

  test('it is cut finely enough to follow, and times never run backwards', () => {
    const pieces = captionOf(segmentOf(text), language);
    expect(pieces.length).toBeGreaterThan(text.length / 14);
    const times = pieces.flatMap(({ start, end }) => [start ?? -1, end ?? -1]);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times[0]).toBe(0);
  });
});

test('at each moment the piece that is being said is lit, in a pause the one before it', () => {
  const segment = segmentOf('One, two.');
  const pieces = captionOf(segment, 'en');
  expect(pieces.map((piece) => piece.text)).toEqual(['One, ', 'two.']);
  expect([0, 0.2, 0.45, 0.5, 0.8, 9].map((seconds) => pieceAt(pieces, seconds))).toEqual([0, 0, 0, 1, 1, 1]);
  expect(pieceAt([], 1)).toBe(-1);
});

test('times that do not fit the text light up the sentence as a whole', () => {
  const segment = { ...segmentOf('One two.'), characters: { starts: [0], ends: [1] } };
  expect(captionOf(segment, 'en')).toEqual([{ text: 'One two.', start: 0, end: 0.8 }]);
});

test('a sentence whose voice is being made is shown without times', () => {
  const segment = { ...segmentOf('One two.'), characters: null, seconds: null };
  expect(captionOf(segment, 'en')).toEqual([{ text: 'One two.', start: null, end: null }]);
});

test('a letter of two code units counts as one character, as in the recording', () => {
  const pieces = captionOf(segmentOf('𝒜da 😀 ok'), 'en');
  expect(pieces.at(-1)?.start).toBeCloseTo(0.6);
});
