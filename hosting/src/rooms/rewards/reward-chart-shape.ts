import type { RewardPoint } from '../../../../functions/src/shared/api/rewards.ts';
import { fromDecimal } from '../../../../functions/src/shared/money.ts';

/** The bands of the chart from the bottom up: what has left for good, what is on the way, what is free, what is still pending. */
export const chartBands = ['paid', 'spent', 'reserved', 'vested', 'pending'] as const;
export type ChartBand = (typeof chartBands)[number];

const dayMs = 86_400_000;

/** The chart's own measure: paths are drawn in it and scaled by the picture. */
export const chartSize = { width: 1000, height: 320 } as const;

/** Precision of the picture, beyond what an eye sees. */
const steps = 1_000_000n;

export interface ChartShape {
  /** A closed path for each band that has anything, bottom first. */
  bands: { band: ChartBand; path: string }[];
  /** The top of the picture, in wei: the most that there ever was. */
  topWei: bigint;
  firstDay: string;
  lastDay: string;
}

/**
 * Works out the picture: balances stand from one day on which something moved to the next, and the last ones until `today` (or a day
 * more, so that a single day is a block and not a line). Throws RangeError without points.
 */
export function chartShape(points: readonly RewardPoint[], today: string): ChartShape {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) throw new RangeError('a chart needs a point');
  const start = Date.parse(first.day);
  const end = Math.max(Date.parse(today), Date.parse(last.day)) + dayMs;
  const stacks = points.map((point) => stackOf(point));
  const topWei = stacks.reduce((most, stack) => (stack.at(-1)! > most ? stack.at(-1)! : most), 0n);
  const x = (day: string) => round(((Date.parse(day) - start) / (end - start)) * chartSize.width);
  const y = (wei: bigint) =>
    round(topWei === 0n ? chartSize.height : chartSize.height * (1 - Number((wei * steps) / topWei) / Number(steps)));
  const edges = points.map((point, index) => ({
    from: x(point.day),
    to: index + 1 < points.length ? x(points[index + 1]!.day) : chartSize.width,
    stack: stacks[index]!,
  }));
  const bands = chartBands.flatMap((band, level) => {
    if (edges.every(({ stack }) => stack[level] === stack[level + 1])) return [];
    const top = edges.map(({ from, to, stack }) => `${from},${y(stack[level + 1]!)} ${to},${y(stack[level + 1]!)}`);
    const bottom = edges
      .toReversed()
      .map(({ from, to, stack }) => `${to},${y(stack[level]!)} ${from},${y(stack[level]!)}`);
    return [{ band, path: `M${[...top, ...bottom].join(' ')}Z` }];
  });
  return { bands, topWei, firstDay: first.day, lastDay: new Date(end - dayMs).toISOString().slice(0, 10) };
}

/** The lower edge of each band, and the upper edge of the last. */
function stackOf(point: RewardPoint): bigint[] {
  const edges = [0n];
  for (const band of chartBands) edges.push(edges.at(-1)! + fromDecimal('DOTM', point[band]));
  return edges;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
