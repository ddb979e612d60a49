import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import type { Money } from '../../../../functions/src/shared/money.ts';
import { formatPrice, formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { productName } from '../plans/product-words.ts';
import { discountText, isSome, renewalText, takenOff } from './price-words.ts';

type Line = PricedBasketView['lines'][number];

/** What DOTM pay of a price, and what is then left and earned. While it is being reckoned (`busy`), tokens and reward are those of before. */
export interface CreditRow {
  amount: Money;
  tokens: Money;
  left: Money;
  reward: Money;
  busy: boolean;
}

/** A price with its lines, what is taken off and why, what DOTM pay, what is due now and what comes again. */
export function PriceView(props: {
  price: PricedBasketView;
  remove: ((line: Line) => void) | null;
  credit?: CreditRow | null;
}) {
  const t = useText();
  const { price } = props;
  const credit = props.credit ?? null;
  const reward = credit?.reward ?? price.reward;
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
      {credit && (
        <p className="price-row price-off" data-testid="credit-row">
          <span aria-busy={credit.busy}>
            {t('checkout.credit.row', { tokens: credit.busy ? '… DOTM' : formatTokens(credit.tokens, t.locale) })}
          </span>
          <span className="num">{takenOff(credit.amount, t)}</span>
        </p>
      )}
      <p className="price-row price-total">
        <strong>{t('checkout.dueNow')}</strong>
        <strong className="num" data-testid="due-now">
          {formatPrice(credit?.left ?? price.dueNow, t.locale)}
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
        <p className="price-row soft" aria-busy={credit?.busy ?? false} data-testid="earns">
          <span>{t('checkout.earns')}</span>
          <span className="num">{formatTokens(reward, t.locale)}</span>
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
