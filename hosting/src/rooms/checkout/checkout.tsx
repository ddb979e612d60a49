import { useEffect, useRef } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { isCurrency } from '../../../../functions/src/shared/money.ts';
import type { Currency } from '../../../../functions/src/shared/money.ts';
import { ApiError } from '../../api/errors.ts';
import { useOperation } from '../../api/use-operation.ts';
import { useText } from '../../i18n/text.ts';
import { useCatalog, useRewards } from '../../live/sources.ts';
import { applyFreshPreferences, useCurrency } from '../../preferences.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { priceTag, productName } from '../plans/product-words.ts';
import { basketPath } from './basket-address.ts';
import { isSome } from './price-words.ts';
import { wayOut } from './way-out.ts';
import './checkout.css';

/**
 * Makes the order and goes on to the payment page by itself: whoever came here has chosen already. The payment page takes
 * this page's place in the history, so that "back" leads to the plans and not into a second order. Who has DOTM to pay with has one more
 * thing to choose, and is shown the price first.
 */
export default function Checkout() {
  const t = useText();
  const { productId = '' } = useParams();
  const currency = useWantedCurrency();
  const start = useOperation('startCheckout');
  const started = useRef(false);
  const navigate = useNavigate();
  const choice = useCreditPath(productId, currency);

  async function go() {
    await applyFreshPreferences(t.locale).catch(() => undefined);
    const made = await start.run({ items: [{ productId, quantity: 1 }], currency });
    if (made) location.replace(made.checkoutUrl);
  }

  useEffect(() => {
    if (started.current || choice === 'unknown') return;
    started.current = true;
    if (choice === null) void go();
    else void navigate(choice, { replace: true });
  });

  return (
    <Page title={t('checkout.title')} heading={false} narrow>
      <div className="card checkout">
        <Chosen productId={productId} currency={currency} />
        {start.error === null ? (
          <>
            <span className="checkout-line" aria-hidden="true" />
            <h1 role="status">{t('checkout.going')}</h1>
            <p className="soft">{t('checkout.text')}</p>
          </>
        ) : (
          <Failed error={start.error} retry={() => void go()} busy={start.busy} />
        )}
      </div>
    </Page>
  );
}

/** Where a member with DOTM to use chooses; null for one without, or where it can't be seen. 'unknown' while it is looked up. */
function useCreditPath(productId: string, currency: Currency): string | null {
  const rewards = useRewards();
  const catalog = useCatalog();
  if (rewards.status === 'loading' || catalog.status === 'loading') return 'unknown';
  const product = catalog.data?.products.find((entry) => entry.id === productId);
  if (!rewards.data || !isSome(rewards.data.vested) || !product || product.billing === 'free') return null;
  return basketPath({ items: [{ productId, cycle: product.billing, quantity: 1 }], currency, code: null });
}

/** The address is somebody's word: the server says whether anything is sold in it. */
function useWantedCurrency(): Currency {
  const [search] = useSearchParams();
  const current = useCurrency();
  const wanted = search.get('currency') ?? '';
  return isCurrency(wanted) ? wanted : current;
}

function Chosen(props: { productId: string; currency: Currency }) {
  const t = useText();
  const catalog = useCatalog();
  const product = catalog.data?.products.find((entry) => entry.id === props.productId);
  if (!product) return null;
  const tag = priceTag(product, props.currency, t);
  return (
    <p className="checkout-plan">
      <strong>{productName(product, t)}</strong>
      <span className="num">
        {tag.amount} <small className="soft">{tag.per}</small>
      </span>
    </p>
  );
}

function Failed(props: { error: unknown; retry: () => void; busy: boolean }) {
  const t = useText();
  const way = wayOut(props.error);
  const again = !(props.error instanceof ApiError) || props.error.retry;
  return (
    <>
      <h1>{t('checkout.failed')}</h1>
      <ErrorNotice error={props.error} />
      <div className="row">
        {again && (
          <Button onClick={props.retry} busy={props.busy}>
            {t('common.tryAgain')}
          </Button>
        )}
        <ButtonLink to={way.to} look={again ? 'quiet' : 'main'}>
          {t(way.text)}
        </ButtonLink>
      </div>
      <p className="soft small">
        {t('checkout.nothingCharged')} <Link to="/orders">{t('nav.orders')}</Link>
      </p>
    </>
  );
}
