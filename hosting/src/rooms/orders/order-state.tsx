import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useOperation } from '../../api/use-operation.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import { keys } from '../../live/sources.ts';
import { Button, ButtonAnchor, ButtonLink } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { IconName } from '../../ui/icons.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Countdown } from './countdown.tsx';
import { deadlineRuns, faceText, faceTone, orderFace, refundedInPart } from './order-words.ts';
import type { OrderFace } from './order-words.ts';

const icons: Partial<Record<OrderFace, IconName>> = {
  created: 'orders',
  released: 'check',
  ready: 'check',
  installed: 'check',
  active: 'check',
  refunding: 'back',
  refunded: 'back',
  expired: 'clock',
};

const nothing = { unit: 'DOTM', amount: '0' } as const;

/** Where the order stands, what that means for the member, and what they can do about it. */
export function OrderState(props: { order: Order; returned: 'done' | 'cancelled' | null }) {
  const t = useText();
  const { order } = props;
  const face = orderFace(order, props.returned === 'done');
  const amount = formatPrice(order.total, t.locale);
  const icon = icons[face];
  return (
    <section
      className={`state state-${faceTone(face)}`}
      data-testid="order-state"
      data-state={order.state}
      aria-labelledby="order-state"
    >
      <div className="state-mark">
        {deadlineRuns(order) && order.deadlineAt !== null ? (
          <Countdown order={order} deadline={order.deadlineAt} />
        ) : icon ? (
          <span className="state-icon">
            <Icon name={icon} size={34} />
          </span>
        ) : (
          <span className="state-icon">
            <span className="spinner" aria-hidden="true" />
          </span>
        )}
      </div>
      <div className="stack" style={{ '--gap': '12px' }}>
        <h2 id="order-state">{t(`order.face.${face}.title`)}</h2>
        <p>{t(faceText(order, face), { amount, tokens: formatTokens(order.credit?.tokens ?? nothing, t.locale) })}</p>
        {refundedInPart(order) && (
          <Notice announce={false}>{t('order.partRefund', { amount: formatPrice(order.refunded, t.locale) })}</Notice>
        )}
        {order.credit && Number(order.credit.returned.amount) > 0 && (
          <Notice announce={false}>
            {t('order.creditBack', { tokens: formatTokens(order.credit.returned, t.locale) })}
          </Notice>
        )}
        {face === 'created' && <Unpaid order={order} cancelled={props.returned === 'cancelled'} />}
        {face === 'expired' && (
          <div className="row">
            <ButtonLink to="/plans">{t('order.again')}</ButtonLink>
          </div>
        )}
      </div>
    </section>
  );
}

function Unpaid(props: { order: Order; cancelled: boolean }) {
  const t = useText();
  const queries = useQueryClient();
  const cancel = useOperation('cancelOrder');
  const { order } = props;
  async function giveUp() {
    const changed = await cancel.run({ orderId: order.id });
    if (changed) queries.setQueryData(keys.order(order.id), changed);
  }
  return (
    <>
      {props.cancelled && <Notice announce={false}>{t('order.leftPayment')}</Notice>}
      <div className="row">
        {order.checkoutUrl !== null && <ButtonAnchor href={order.checkoutUrl}>{t('order.pay')}</ButtonAnchor>}
        <Button look="quiet" busy={cancel.busy} onClick={() => void giveUp()}>
          {t('order.cancel')}
        </Button>
      </div>
      <ErrorNotice error={cancel.error} />
    </>
  );
}
