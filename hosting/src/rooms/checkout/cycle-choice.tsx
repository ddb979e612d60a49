import type { Product } from '../../../../functions/src/shared/api/catalog.ts';
import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import { useText } from '../../i18n/text.ts';
import { useCatalog } from '../../live/sources.ts';
import { Segmented } from '../../ui/field.tsx';
import { itemsOf } from './use-quote.ts';
import type { BasketItem } from './basket-address.ts';

type Cycle = 'monthly' | 'annual';

/**
 * Pays what renews by the month or by the year, all of it together: one order can't hold both. Not shown where something of it is sold in
 * one of the two only.
 */
export function CycleChoice(props: { price: PricedBasketView; change: (items: BasketItem[]) => void }) {
  const t = useText();
  const catalog = useCatalog();
  const items = itemsOf(props.price);
  const recurring = items.filter((item) => item.cycle !== 'one_time');
  const [first] = recurring;
  if (first === undefined || first.cycle === 'one_time' || !catalog.data) return null;
  const { products } = catalog.data;
  const inBoth = recurring.every(({ productId }) => isSoldInBoth(products, productId, props.price.currency));
  if (!inBoth) return null;
  return (
    <Segmented<Cycle>
      label={t('checkout.cycle')}
      value={first.cycle}
      options={[
        { value: 'monthly', text: t('checkout.monthly') },
        { value: 'annual', text: t('checkout.annual') },
      ]}
      onChange={(cycle) => props.change(items.map((item) => (item.cycle === 'one_time' ? item : { ...item, cycle })))}
    />
  );
}

function isSoldInBoth(products: readonly Product[], productId: string, currency: string): boolean {
  const prices = products.find(({ id }) => id === productId)?.prices ?? [];
  return (['monthly', 'annual'] as const).every((cycle) =>
    prices.some((price) => price.cycle === cycle && price.unit === currency),
  );
}
