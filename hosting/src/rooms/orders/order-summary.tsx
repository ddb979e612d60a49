import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { ButtonAnchor } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { discountText, takenOff } from '../checkout/price-words.ts';
import { productName } from '../plans/product-words.ts';

/** What was bought, paid with money and with DOTM, given back and earned, and the receipt. */
export function OrderSummary(props: { order: Order }) {
  const t = useText();
  const { order } = props;
  return (
    <section className="card stack" aria-labelledby="summary">
      <h2 id="summary" className="card-title">
        {t('order.summary')}
      </h2>
      <dl className="facts">
        {order.items.map((item) => (
          <Fact
            key={item.productId}
            name={`${item.quantity > 1 ? `${item.quantity} × ` : ''}${productName({ id: item.productId, name: item.name }, t)}`}
            value={formatPrice(item.unitPrice, t.locale)}
          />
        ))}
        {order.discount && <Fact name={discountText(order.discount, t)} value={takenOff(order.discount.amount, t)} />}
        {order.credit && (
          <Fact
            name={t(order.state === 'created' ? 'order.creditHeld' : 'order.credit', {
              tokens: formatTokens(order.credit.tokens, t.locale),
            })}
            value={takenOff(order.credit.amount, t)}
          />
        )}
        {Number(order.tax.amount) > 0 && <Fact name={t('order.tax')} value={formatPrice(order.tax, t.locale)} />}
        <Fact name={t('order.total')} value={formatPrice(order.total, t.locale)} />
        {Number(order.refunded.amount) > 0 && (
          <Fact name={t('order.refunded')} value={formatPrice(order.refunded, t.locale)} />
        )}
        {order.credit && Number(order.credit.returned.amount) > 0 && (
          <Fact name={t('order.creditReturned')} value={formatTokens(order.credit.returned, t.locale)} />
        )}
        {order.reward !== null && Number(order.reward.amount) > 0 && (
          <Fact name={t('order.reward')} value={formatTokens(order.reward, t.locale)} />
        )}
        <Fact name={t('order.placed')} value={formatMoment(order.createdAt, t.locale)} />
      </dl>
      {order.receiptUrl !== null && (
        <ButtonAnchor href={order.receiptUrl} look="quiet" size="small" newTab>
          <Icon name="out" size={18} />
          {t('order.receipt')}
        </ButtonAnchor>
      )}
      <p className="soft small">
        {t('order.number')} <span className="mono">{order.id}</span>
      </p>
    </section>
  );
}

function Fact(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd className="num">{props.value}</dd>
    </div>
  );
}
