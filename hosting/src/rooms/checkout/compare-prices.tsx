import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import type { MessageId } from '../../i18n/messages.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PriceView } from './price-view.tsx';
import type { Changed } from './use-quote.ts';

const reasons: Record<Changed['why'], MessageId> = {
  expired: 'checkout.changed.expired',
  membership: 'checkout.changed.membership',
  promotion: 'checkout.changed.promotion',
  cheaper: 'checkout.changed.cheaper',
};

/** The price of before beside the one of now, and the button that goes on with the new one. */
export function ComparePrices(props: { changed: Changed; goOn: () => void }) {
  const t = useText();
  const { why, old, fresh, promotionGone } = props.changed;
  return (
    <>
      <Notice tone={why === 'cheaper' ? 'good' : 'warn'}>
        <p>{t(reasons[why])}</p>
        {promotionGone && why !== 'promotion' && <p>{t('checkout.changed.promotion')}</p>}
      </Notice>
      <div className="compare">
        <Side title={t('checkout.oldPrice')} price={old} />
        <Side title={t('checkout.newPrice')} price={fresh.price} />
      </div>
      <Button onClick={props.goOn} wide>
        {t('checkout.goOn')}
      </Button>
    </>
  );
}

function Side(props: { title: string; price: PricedBasketView }) {
  return (
    <section className="compare-side">
      <h2>{props.title}</h2>
      <PriceView price={props.price} remove={null} />
    </section>
  );
}
