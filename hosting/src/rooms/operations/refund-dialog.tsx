import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { fromDecimal, fromMoney, subtract, toDecimal, toMoney } from '../../../../functions/src/shared/money.ts';
import type { Money } from '../../../../functions/src/shared/money.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { readAmount } from './read-amount.ts';
import { ReasonField } from './reason-field.tsx';

/** What comes back in DOTM when so much more of the money does: the same share of all that will have gone back, whole at the end. */
function creditAfter({ total, refunded, credit }: Order, cents: bigint): Money {
  if (!credit) return toMoney('DOTM', 0n);
  const [spent, returned, whole] = [fromMoney(credit.tokens), fromMoney(credit.returned), fromMoney(total)];
  const back = fromMoney(refunded) + cents;
  const share = back >= whole ? spent : (spent * back) / whole;
  return toMoney('DOTM', share > returned ? share - returned : 0n);
}

/** Gives money back, in part or whole: the amount and the reason are asked for, the sum is repeated on the button. Tokens go with it. */
export function RefundDialog(props: { order: Order; close: () => void; done: () => void }) {
  const t = useText();
  const { order } = props;
  const unit = order.total.unit;
  const left = subtract(fromDecimal(unit, order.total.amount), fromDecimal(unit, order.refunded.amount));
  const refund = useOperation('refundOrder');
  const [amount, setAmount] = useState(toDecimal(unit, left));
  const [reason, setReason] = useState('');
  const [given, setGiven] = useState(false);
  // Without money there is nothing to choose: DOTM go back whole.
  const isUncharged = Number(order.total.amount) === 0;
  const cents = isUncharged ? 0n : readAmount(amount, unit, left);
  const tokens = order.credit && creditAfter(order, cents ?? 0n);

  async function give(amountCents: bigint) {
    const whole = amountCents === left;
    const part = whole ? {} : { amount: { unit, amount: toDecimal(unit, amountCents) } };
    const changed = await refund.run({ orderId: order.id, reason, ...part });
    if (!changed) return;
    setGiven(true);
    props.done();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (cents !== null) void give(cents);
  }

  const fields = (
    <>
      {!isUncharged && (
        <Field
          label={t('operations.refundAmount', { unit })}
          inputMode="decimal"
          required
          value={amount}
          problem={cents === null ? t('operations.refundInvalid') : null}
          onChange={(event) => setAmount(event.target.value)}
        />
      )}
      {tokens && <p role="status">{t('operations.refundCredit', { tokens: formatTokens(tokens, t.locale) })}</p>}
      <ReasonField value={reason} change={setReason} />
    </>
  );

  return (
    <Dialog title={t('operations.refund')} onClose={props.close}>
      <p className="mono">{order.id}</p>
      <p>
        {isUncharged
          ? t('operations.refundUncharged')
          : t('operations.refundLeft', { amount: formatPrice(toMoney(unit, left), t.locale) })}
      </p>
      <form className="stack" onSubmit={submit}>
        {given ? <Notice tone="good">{t('operations.refundGiven')}</Notice> : fields}
        <ErrorNotice error={refund.error} />
        <div className="row">
          {!given && (
            <Button type="submit" look="bad" busy={refund.busy} disabled={cents === null}>
              {isUncharged
                ? t('operations.refundCallOff')
                : t('operations.refundNow', { amount: formatPrice(toMoney(unit, cents ?? 0n), t.locale) })}
            </Button>
          )}
          <Button look="quiet" onClick={props.close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
