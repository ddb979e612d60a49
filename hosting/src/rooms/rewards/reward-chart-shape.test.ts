import { expect, test } from 'vitest';
import type { RewardPoint } from '../../../../functions/src/shared/api/rewards.ts';
import { chartShape } from './reward-chart-shape.ts';

const none = { pending: '0.0', vested: '0.0', reserved: '0.0', paid: '0.0', spent: '0.0' };
const point = (day: string, balances: Partial<typeof none>): RewardPoint => ({ day, ...none, ...balances });

test('a single day is a block over the whole picture', () => {
  const { bands, topWei } = chartShape([point('2026-11-01', { pending: '2.0' })], '2026-11-01');
  expect(bands).toEqual([{ band: 'pending', path: 'M0,0 1000,0 1000,320 0,320Z' }]);
  expect(topWei).toBe(2n * 10n ** 18n);
});

test('balances stand until the next day on which something moved, and the last until today', () => {
  const points = [point('2026-11-01', { pending: '2.0' }), point('2026-11-06', { vested: '1.0' })];
  const { bands, firstDay, lastDay } = chartShape(points, '2026-11-10');
  expect([firstDay, lastDay]).toEqual(['2026-11-01', '2026-11-10']);
  expect(bands.map(({ band }) => band)).toEqual(['vested', 'pending']);
  // Five of ten days pending at the full height, then half the height vested.
  expect(bands[0]?.path).toBe('M0,320 500,320 500,160 1000,160 1000,320 500,320 500,320 0,320Z');
  expect(bands[1]?.path).toBe('M0,0 500,0 500,160 1000,160 1000,160 500,160 500,320 0,320Z');
});

test('bands lie on one another and never beyond the picture', () => {
  const points = [point('2026-11-01', { pending: '1.0', vested: '1.0', paid: '2.0' })];
  const { bands } = chartShape(points, '2026-11-01');
  expect(bands.map(({ path }) => path)).toEqual([
    'M0,160 1000,160 1000,320 0,320Z',
    'M0,80 1000,80 1000,160 0,160Z',
    'M0,0 1000,0 1000,80 0,80Z',
  ]);
});

test('tokens that have all gone leave a flat picture', () => {
  expect(chartShape([point('2026-11-01', {})], '2026-11-02')).toMatchObject({ bands: [], topWei: 0n });
});
