import type { Stripe } from 'stripe';

/**
 * Tax rates of the stand-in, in millionths: what Stripe Tax would find for an account that is registered in these places. A table of the
 * sandbox's own, near to real rates of 2026 and good for nothing but tests. Where it has no entry no tax is collected.
 */
const COUNTRY_RATES: Record<string, number> = {
  AT: 200_000,
  AU: 100_000,
  DE: 190_000,
  FR: 200_000,
  GB: 200_000,
};
const STATE_RATES: Record<string, Record<string, number>> = {
  // GST with the province's own tax. Quebec's 9.975 % makes cents that need rounding.
  CA: { AB: 50_000, BC: 120_000, MB: 120_000, NB: 150_000, NS: 140_000, ON: 130_000, QC: 149_750, SK: 110_000 },
  US: { CA: 82_500, FL: 70_000, NY: 88_750, TX: 62_500, WA: 104_000 },
};

/** The countries that the payment page offers, with the states whose rates differ. */
export const TAX_COUNTRIES = ['US', 'CA', ...Object.keys(COUNTRY_RATES)];

/** The states of a country that the payment page asks for. */
export function statesOf(country: string): string[] {
  return Object.keys(STATE_RATES[country] ?? {});
}

/** Where somebody pays from, as far as tax needs it. */
export type TaxPlace = Pick<Stripe.Address, 'country' | 'state'> | null | undefined;

/** Answers the rate at a place, in millionths. Canada without a known province pays GST. */
export function taxRateAt(place: TaxPlace): number {
  const country = place?.country ?? '';
  const ofState = STATE_RATES[country]?.[place?.state ?? ''];
  return ofState ?? (country === 'CA' ? 50_000 : (COUNTRY_RATES[country] ?? 0));
}

/** What an object shows of automatic tax once it was asked for. */
export function automaticTax(enabled: boolean, place: TaxPlace) {
  const status = place?.country ? 'complete' : 'requires_location_inputs';
  return enabled
    ? { enabled, liability: { type: 'self' as const }, provider: 'stripe', status }
    : { enabled, liability: null, provider: null, status: null };
}
