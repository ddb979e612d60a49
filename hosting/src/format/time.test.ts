import { expect, test } from 'vitest';
import { formatCountdown, shareLeft } from './time.ts';

const deadline = '2026-11-22T10:30:00.000Z';
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

test('a countdown shows minutes and seconds, and stops at zero', () => {
  expect(formatCountdown(deadline, at('10:00:00.000'))).toBe('30:00');
  expect(formatCountdown(deadline, at('10:20:55.000'))).toBe('9:05');
  expect(formatCountdown(deadline, at('10:29:59.999'))).toBe('0:00');
  expect(formatCountdown(deadline, at('11:00:00.000'))).toBe('0:00');
});

test('the ring of a countdown runs from full to empty and no further', () => {
  const start = at('10:00:00.000');
  const end = Date.parse(deadline);
  expect(shareLeft(start, end, start)).toBe(1);
  expect(shareLeft(start, end, at('10:15:00.000'))).toBe(0.5);
  expect(shareLeft(start, end, at('12:00:00.000'))).toBe(0);
  expect(shareLeft(start, end, at('09:00:00.000'))).toBe(1);
  expect(shareLeft(end, end, end)).toBe(0);
});
