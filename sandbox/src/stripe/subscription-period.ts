/** A rhythm as prices have it. */
export interface Rhythm {
  interval: string;
  interval_count: number;
}

const DAY_SECONDS = 24 * 3600;

/**
 * Adds `times` intervals to a Unix time. Months are counted from the anchor, so that the 31st comes back after a February:
 * always add to the billing anchor, never to the last period's end.
 */
export function addIntervals(anchor: number, rhythm: Rhythm, times: number): number {
  const count = rhythm.interval_count * times;
  if (rhythm.interval === 'day') return anchor + count * DAY_SECONDS;
  if (rhythm.interval === 'week') return anchor + count * 7 * DAY_SECONDS;
  const months = rhythm.interval === 'year' ? count * 12 : count;
  const date = new Date(anchor * 1000);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const timeOfDay = anchor % DAY_SECONDS;
  return Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date.getUTCDate(), lastDay)) / 1000 + timeOfDay;
}

/** Answers the end of the period that begins at `start`: the first multiple of the rhythm from the anchor that lies after it. */
export function nextPeriodEnd(anchor: number, rhythm: Rhythm, start: number): number {
  let times = 1;
  while (addIntervals(anchor, rhythm, times) <= start) times++;
  return addIntervals(anchor, rhythm, times);
}
