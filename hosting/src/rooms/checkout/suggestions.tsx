import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import { formatPrice } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import type { Text } from '../../i18n/text.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { productName } from '../plans/product-words.ts';
import { basketPath } from './basket-address.ts';
import type { BasketItem } from './basket-address.ts';

type Saving = PricedBasketView['savings'][number];

/** What would make a basket cheaper, each with the one tap that takes it. */
export function Suggestions(props: {
  price: PricedBasketView;
  items: BasketItem[];
  take: (items: BasketItem[]) => void;
  busy: boolean;
}) {
  const t = useText();
  const { price, items, take, busy } = props;
  if (price.savings.length === 0) return null;
  return (
    <section className="suggestions" aria-labelledby="suggestions">
      <h2 id="suggestions">{t('checkout.cheaper')}</h2>
      <ul>
        {price.savings.map((saving) => (
          <li key={saving.kind + ('productId' in saving ? saving.productId : '')}>
            <p>{savingText(saving, t)}</p>
            {saving.kind === 'join' ? (
              <ButtonLink to={joinPath(saving.membershipId, price)} look="quiet" size="small">
                {t('checkout.take.join')}
              </ButtonLink>
            ) : (
              <Button look="quiet" size="small" busy={busy} onClick={() => take(itemsWith(saving, items))}>
                {t(`checkout.take.${saving.kind}`)}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function savingText(saving: Saving, t: Text): string {
  const money = formatPrice(saving.saving, t.locale);
  switch (saving.kind) {
    case 'pay_yearly':
      return t('checkout.saving.pay_yearly', { saving: money });
    case 'complete_bundle': {
      const product = productName({ id: saving.productId, name: saving.productId }, t);
      const less = saving.extra.amount.startsWith('-');
      const extra = formatPrice({ ...saving.extra, amount: saving.extra.amount.replace('-', '') }, t.locale);
      return t(less ? 'checkout.saving.complete_bundle_less' : 'checkout.saving.complete_bundle', {
        product,
        extra,
        saving: money,
      });
    }
    case 'join':
      return t('checkout.saving.join', {
        membership: productName({ id: saving.membershipId, name: saving.membershipId }, t),
        saving: money,
      });
  }
}

/** The basket with a suggestion taken. */
export function itemsWith(saving: Exclude<Saving, { kind: 'join' }>, items: BasketItem[]): BasketItem[] {
  if (saving.kind === 'pay_yearly') {
    return items.map((item) => (item.cycle === 'monthly' ? { ...item, cycle: 'annual' } : item));
  }
  return [...items, { productId: saving.productId, cycle: saving.cycle, quantity: 1 }];
}

function joinPath(membershipId: string, { currency }: PricedBasketView): string {
  return basketPath({ items: [{ productId: membershipId, cycle: 'annual', quantity: 1 }], currency, code: null });
}
