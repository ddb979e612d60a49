import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heard, addStretch } from './heard.ts';

test('a sentence is heard once nine tenths of it have sounded, in whatever pieces', () => {
  const heard = new Heard([]);
  expect(heard.add(1, 0, 4, 10)).toBe(false);
  expect(heard.add(1, 6, 10, 10)).toBe(false);
  expect(heard.add(1, 4, 5, 10)).toBe(true);
  expect(heard.segments).toEqual([1]);
});

test('hearing the same words again and again is not hearing the sentence', () => {
  const heard = new Heard([]);
  for (let round = 0; round < 50; round += 1) heard.add(1, 0, 3, 10);
  expect(heard.segments).toEqual([]);
});

test('stretches never overlap, stay in order and cover exactly what was added', () => {
  const stretch = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 12 }), (added) => {
      const covered = new Set<number>();
      let stretches: (readonly [number, number])[] = [];
      for (const [from, length] of added) {
        stretches = addStretch(stretches, [from, from + length]);
        for (let at = from; at < from + length; at += 1) covered.add(at);
      }
      const ends = stretches.flat();
      expect(ends).toEqual([...ends].sort((one, other) => one - other));
      expect(stretches.reduce((sum, [from, to]) => sum + to - from, 0)).toBe(covered.size);
    }),
  );
});

test('half a sentence in one language and half in another are no sentence', () => {
  const heard = new Heard([0]);
  heard.add(1, 0, 5, 10);
  heard.forgetParts();
  heard.add(1, 5, 10, 10);
  expect(heard.segments).toEqual([0]);
});
