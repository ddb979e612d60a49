import { useText } from '../../i18n/text.ts';
import { useTellAccount } from '../../live/update-preferences.ts';
import { useCatalog } from '../../live/sources.ts';
import { setCurrency } from '../../preferences.ts';
import { Segmented, SelectField } from '../../ui/field.tsx';
import { useSoldCurrency } from './sold-currency.ts';

/** More than these do not stand side by side on a phone. */
const mostInARow = 4;

/** Switches all prices between the currencies of the catalogue; a member's account remembers it. Nothing to see where there is one only. */
export function CurrencySwitch() {
  const t = useText();
  const tellAccount = useTellAccount();
  const catalog = useCatalog();
  const currency = useSoldCurrency();
  const sold = catalog.data?.currencies.map(({ code }) => code) ?? [currency];
  if (catalog.data && sold.length < 2) return null;
  const Choice = sold.length > mostInARow ? SelectField : Segmented;
  return (
    <Choice
      label={t('plans.currency')}
      value={currency}
      options={sold.map((value) => ({ value, text: value }))}
      onChange={(next) => {
        setCurrency(next);
        tellAccount({ currency: next });
      }}
    />
  );
}
