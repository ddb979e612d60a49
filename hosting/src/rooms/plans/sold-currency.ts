import type { Currency } from '../../../../functions/src/shared/money.ts';
import { useCatalog } from '../../live/sources.ts';
import { useCurrency } from '../../preferences.ts';

/**
 * The currency that prices are shown in: the wanted one (the device's choice unless told otherwise) where the catalogue sells in it, else
 * the one that it names first. Before the catalogue has come, the wanted one.
 */
export function useSoldCurrency(wanted?: string | null): Currency {
  const chosen = useCurrency();
  const sold = useCatalog().data?.currencies.map(({ code }) => code);
  return sold?.find((code) => code === wanted) ?? sold?.find((code) => code === chosen) ?? sold?.[0] ?? chosen;
}
