import { expect, it } from 'vitest';
import { isCooling, usableFrom } from './usable-from.ts';

const noon = new Date('2026-11-23T12:00:00Z');

it('the first wallet of an account gets rewards at once', () => {
  expect(usableFrom(noon, false, 48)).toEqual(noon);
  expect(isCooling({ linkedAt: noon, usableFrom: noon }, noon)).toBe(false);
});

it('a later wallet waits for the whole cooling-off time, to the millisecond', () => {
  const from = usableFrom(noon, true, 48);
  expect(from).toEqual(new Date('2026-11-25T12:00:00Z'));
  expect(isCooling({ linkedAt: noon, usableFrom: from }, new Date(from.getTime() - 1))).toBe(true);
  expect(isCooling({ linkedAt: noon, usableFrom: from }, from)).toBe(false);
});

it('without a cooling-off time a change counts at once', () => {
  expect(usableFrom(noon, true, 0)).toEqual(noon);
});

it('a wallet that was usable at once does not wait for a caller whose clock is behind', () => {
  const justBefore = new Date(noon.getTime() - 1);
  expect(isCooling({ linkedAt: noon, usableFrom: noon }, justBefore)).toBe(false);
});
