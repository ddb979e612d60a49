import type { Product } from '../../../../functions/src/shared/api/catalog.ts';
import type { Currency } from '../../../../functions/src/shared/money.ts';
import { Link } from 'react-router';
import { useText } from '../../i18n/text.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { basketPath } from '../checkout/basket-address.ts';
import { priceTag, productDescription, productFacts, productName } from './product-words.ts';
import '../../styles/plan-card.css';
import './plans.css';

/** The page that makes an order of this product and goes on to the payment page. */
export function checkoutPath(productId: string, currency: Currency): string {
  return `/checkout/${productId}?currency=${currency}`;
}

/** The page that prices this product with what may go with it: another billing cycle, a promotion code, other products. */
export function pricePath(product: Product, currency: Currency): string {
  if (product.billing === 'free') return '/plans';
  return basketPath({ items: [{ productId: product.id, cycle: product.billing, quantity: 1 }], currency, code: null });
}

/** One product with its price, what one gets, and the one button that buys it. */
export function PlanCard(props: { product: Product; currency: Currency }) {
  const t = useText();
  const { product, currency } = props;
  const tag = priceTag(product, currency, t);
  const name = productName(product, t);
  return (
    <article className="card plan">
      <h3>{name}</h3>
      <p className="plan-price">
        <span className="num">{tag.amount}</span> <small>{tag.per}</small>
      </p>
      <p className="soft">{productDescription(product, t)}</p>
      <ul className="plan-facts">
        {productFacts(product, t).map((fact) => (
          <li key={fact}>
            <Icon name="check" size={18} />
            {fact}
          </li>
        ))}
      </ul>
      {product.sellable ? (
        <>
          <ButtonLink to={checkoutPath(product.id, currency)} wide>
            {t('plans.buy')}
            <span className="sr-only"> {name}</span>
          </ButtonLink>
          <Link className="plan-code" to={pricePath(product, currency)}>
            {t('plans.haveCode')}
            <span className="sr-only"> {name}</span>
          </Link>
        </>
      ) : (
        <p className="plan-later">{t(product.kind === 'membership' ? 'plans.byInvitation' : 'plans.notYet')}</p>
      )}
    </article>
  );
}
