import type { DiscountReason } from '../../domain/pricing/discounts.ts';
import type { Locale } from '../../shared/locale.ts';

const names: Record<Locale, Record<DiscountReason['kind'], string>> = {
  en: { bundle: 'Bundle', member: 'Member price', promotion: 'Code' },
  fr: { bundle: 'Offre groupée', member: 'Prix membre', promotion: 'Code' },
};

/** Says in the member's language what is taken off and why, for the payment page, invoices and receipts: "Bundle −15%". */
export function discountName({ kind, id, basisPoints }: DiscountReason, locale: Locale): string {
  const name = kind === 'promotion' ? `${names[locale][kind]} ${id}` : names[locale][kind];
  if (basisPoints === null) return name;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2, signDisplay: 'always' });
  // For people, not for sums: the amount itself is computed elsewhere.
  return `${name} ${percent.format(-basisPoints / 10_000)}`;
}
