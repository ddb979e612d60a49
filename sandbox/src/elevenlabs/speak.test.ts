import { describe, expect, it } from 'vitest';
import { sampleRate, speak, type Throat } from './speak.ts';

const adam: Throat = { pitchHz: 110, melody: 0.12, formants: 1 };

/** Root mean square of a stretch. */
function loudness(samples: Float32Array, from: number, to: number): number {
  const part = samples.slice(Math.round(from * sampleRate), Math.round(to * sampleRate));
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
}

describe('what the stand-in says', () => {
  it('times every character without a hole, from the beginning to the end of the sound', () => {
    for (const text of ['Welcome to DOTM. Have a good trip!', 'مرحبا بك.', 'ยินดีต้อนรับ', 'ようこそ。', 'नमस्ते!']) {
      const { samples, characters, startSeconds, endSeconds } = speak(text, adam);
      expect(characters.join('')).toBe(text);
      expect(startSeconds[0]).toBe(0);
      for (let index = 1; index < characters.length; index += 1)
        expect(startSeconds[index]).toBe(endSeconds[index - 1]);
      expect(Math.abs((endSeconds.at(-1) ?? 0) - samples.length / sampleRate)).toBeLessThan(0.001);
    }
  });

  it('takes about as long as a person would', () => {
    const text =
      'Your eSIM puts you online in a new country as soon as you land, without a shop, a queue or a plastic card.';
    const seconds = speak(text, adam).samples.length / sampleRate;
    expect(text.length / seconds).toBeGreaterThan(10);
    expect(text.length / seconds).toBeLessThan(18);
  });

  it('is loud in words and silent in pauses', () => {
    const { samples, startSeconds, endSeconds } = speak('Go on. Go on.', adam);
    const [from = 0, to = 0] = [startSeconds[5], endSeconds[5]];
    expect(loudness(samples, from + 0.2, to)).toBeLessThan(0.01);
    expect(loudness(samples, 0, startSeconds[5] ?? 0)).toBeGreaterThan(0.05);
  });

  it('never overdrives, and is the same each time', () => {
    const first = speak('Have a good trip!', adam);
    expect(first.samples.every((sample) => Math.abs(sample) <= 0.81)).toBe(true);
    expect(speak('Have a good trip!', adam).samples).toEqual(first.samples);
  });
});
