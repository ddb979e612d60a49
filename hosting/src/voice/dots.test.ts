import { expect, test } from 'vitest';
import { columnsOf, rowCount, settleLevels } from './dots.ts';

test('silence is flat, and sound stands in the middle', () => {
  expect(columnsOf(new Uint8Array(256), 20).every((level) => level === 0)).toBe(true);
  const low = new Uint8Array(256);
  low.fill(255, 0, 4);
  const columns = columnsOf(low, 21);
  expect(columns[10]).toBeGreaterThan(0.9);
  expect(columns[0]).toBe(0);
});

test('the picture is the same on both sides, whatever its width', () => {
  const spectrum = Uint8Array.from({ length: 256 }, (_, bin) => (bin * 37) % 256);
  for (const count of [1, 2, 19, 48]) {
    const columns = columnsOf(spectrum, count);
    expect(columns).toHaveLength(count);
    expect([...columns].reverse()).toEqual(columns);
    expect(columns.every((level) => level >= 0 && level <= 1)).toBe(true);
  }
});

test('levels rise at once and fall to nothing', () => {
  let levels = settleLevels([0], [0.8]);
  expect(levels).toEqual([0.8]);
  for (let frame = 0; frame < 90; frame += 1) levels = settleLevels(levels, [0]);
  expect(levels[0]).toBeLessThan(0.01);
});

test('the rows lie around the middle, and none is cut off', () => {
  expect([1, 104, 117, 130, 156].map(rowCount)).toEqual([1, 7, 9, 9, 11]);
});
