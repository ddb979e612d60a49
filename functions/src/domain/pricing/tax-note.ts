import type { TaxNote } from './view-price.ts';

/** Says what becomes of tax in an installation that has it reckoned (`taxes`) or not: the same at each door that shows a price. */
export function taxNoteOf({ taxes }: { readonly taxes: boolean }): TaxNote {
  return taxes ? 'added_at_checkout' : 'not_included';
}
