import { currencies } from '../../../../functions/src/shared/money.ts';
import { useText } from '../../i18n/text.ts';
import { useTellAccount } from '../../live/update-preferences.ts';
import { setCurrency, useCurrency } from '../../preferences.ts';
import { Segmented } from '../../ui/field.tsx';

/** Switches all prices between US and Canadian dollars; a member's account remembers it. */
export function CurrencySwitch() {
  const t = useText();
  const tellAccount = useTellAccount();
  const currency = useCurrency();
  return (
    <Segmented
      label={t('plans.currency')}
      value={currency}
      options={currencies.map((value) => ({ value, text: value }))}
      onChange={(next) => {
        setCurrency(next);
        tellAccount({ currency: next });
      }}
    />
  );
}
