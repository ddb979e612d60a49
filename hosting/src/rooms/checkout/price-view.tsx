import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { productName } from '../plans/product-words.ts';
import { discountText, isSome, renewalText, takenOff } from './price-words.ts';

type Line = PricedBasketView['lines'][number];

/** A price with its lines, what is taken off and why, what is due now and what comes again. */
export function PriceView(props: { price: PricedBasketView; remove: ((line: Line) => void) | null }) {
  const t = useText();
  const { price } = props;
  const renewal = renewalText(price, t);
  const renews = price.renewalDiscount;
  return (
    <div className="price">
      <ul className="price-lines">
        {price.lines.map((line) => (
          <PriceLine key={`${line.productId}/${line.cycle}`} line={line} remove={props.remove} />
        ))}
      </ul>
      {price.discount && (
        <p className="price-row price-off">
          <span>{discountText(price.discount, t)}</span>
          <span className="num">{takenOff(price.discount.amount, t)}</span>
        </p>
      )}
      <p className="price-row price-total">
        <strong>{t('checkout.dueNow')}</strong>
        <strong className="num" data-testid="due-now">
          {formatPrice(price.dueNow, t.locale)}
        </strong>
      </p>
      {renewal !== null && (
        <p className="price-row soft">
          <span>
            {t('checkout.renews')}
            {renews && renews.kind !== price.discount?.kind && <small> ({discountText(renews, t)})</small>}
          </span>
          <span className="num">{renewal}</span>
        </p>
      )}
      {isSome(price.reward) && (
        <p className="price-row soft">
          <span>{t('checkout.earns')}</span>
          <span className="num">{formatTokens(price.reward, t.locale)}</span>
        </p>
      )}
      {price.taxNote === 'added_at_checkout' && <p className="soft small">{t('checkout.taxAdded')}</p>}
    </div>
  );
}

function PriceLine(props: { line: Line; remove: ((line: Line) => void) | null }) {
  const t = useText();
  const { line, remove } = props;
  const name = productName({ id: line.productId, name: line.name }, t);
  return (
    <li className="price-row">
      <span>
        {line.quantity > 1 ? `${String(line.quantity)} × ` : ''}
        {name}
        {remove && (
          <Button look="link" size="small" onClick={() => remove(line)}>
            {t('checkout.remove')}
            <span className="sr-only"> {name}</span>
          </Button>
        )}
      </span>
      <span className="num">
        {formatPrice(line.full, t.locale)}{' '}
        {line.cycle !== 'one_time' && <small className="soft">{t(`plans.per.${line.cycle}`)}</small>}
      </span>
    </li>
  );
}
