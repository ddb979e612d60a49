import { expect, test } from 'vitest';
import { addIntervals, nextPeriodEnd } from './subscription-period.ts';

const at = (text: string) => Date.parse(text) / 1000;
const MONTH = { interval: 'month', interval_count: 1 };

test('months that are too short end on their last day, and the day comes back after them', () => {
  const anchor = at('2026-01-31T10:00:00Z');
  expect(addIntervals(anchor, MONTH, 1)).toBe(at('2026-02-28T10:00:00Z'));
  expect(addIntervals(anchor, MONTH, 2)).toBe(at('2026-03-31T10:00:00Z'));
  expect(nextPeriodEnd(anchor, MONTH, at('2026-02-28T10:00:00Z'))).toBe(at('2026-03-31T10:00:00Z'));
});

test('a year from a leap day ends on the 28th', () => {
  expect(addIntervals(at('2028-02-29T00:00:00Z'), { interval: 'year', interval_count: 1 }, 1)).toBe(
    at('2029-02-28T00:00:00Z'),
  );
});

test('weeks and days are plain spans', () => {
  expect(addIntervals(0, { interval: 'week', interval_count: 2 }, 1)).toBe(14 * 86_400);
  expect(addIntervals(0, { interval: 'day', interval_count: 3 }, 2)).toBe(6 * 86_400);
});
