/** How much somebody uses a phone on a trip. */
export const tripUses = ['light', 'normal', 'heavy'] as const;
export type TripUse = (typeof tripUses)[number];

const megabyte = 1_000_000n;

/**
 * Data for each day away from Wi-Fi. Light: maps, messages, mail, tickets. Normal: pictures, social media and web pages as well. Heavy:
 * calls with pictures and videos, too. These are our own assumptions (November 2026), held against the Ericsson Mobility Report, which
 * counts about 20 GB a month, or 0.65 GB a day, for the average smartphone with videos at home: a traveller sleeps in a place with Wi-Fi.
 */
export const bytesPerDay: Readonly<Record<TripUse, bigint>> = {
  light: 100n * megabyte,
  normal: 300n * megabyte,
  heavy: 1_000n * megabyte,
};

/** What somebody needs in all: by habit and days, or as many gigabytes as they say themselves. Rounded up to the byte. */
export function dataNeed(use: TripUse | { readonly gigabytes: number }, days: number): bigint {
  if (typeof use === 'string') return bytesPerDay[use] * BigInt(days);
  return BigInt(Math.ceil(use.gigabytes * 1000)) * megabyte;
}
