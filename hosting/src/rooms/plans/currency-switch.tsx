import { call } from '../../api/call.ts';
import { useSession } from '../../auth/session.ts';
import { currencies } from '../../../../functions/src/shared/money.ts';
import { useText } from '../../i18n/text.ts';
import { setCurrency, useCurrency } from '../../preferences.ts';
import { Segmented } from '../../ui/field.tsx';

/** Switches all prices between US and Canadian dollars; a member's account remembers it. */
export function CurrencySwitch() {
  const t = useText();
  const session = useSession();
  const currency = useCurrency();
  return (
    <Segmented
      label={t('plans.currency')}
      value={currency}
      options={currencies.map((value) => ({ value, text: value }))}
      onChange={(next) => {
        setCurrency(next);
        if (session.status === 'signed-in') void call('updateAccount', { currency: next }).catch(() => undefined);
      }}
    />
  );
}
