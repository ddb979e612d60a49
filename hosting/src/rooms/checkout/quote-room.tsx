import { useLocation } from 'react-router';
import { errorText } from '../../api/errors.ts';
import { useOperation } from '../../api/use-operation.ts';
import { authPath } from '../../auth/next.ts';
import { useSession } from '../../auth/session.ts';
import { formatClock } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { applyFreshPreferences } from '../../preferences.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CodeField } from './code-field.tsx';
import { ComparePrices } from './compare-prices.tsx';
import { CycleChoice } from './cycle-choice.tsx';
import { PriceView } from './price-view.tsx';
import { Suggestions } from './suggestions.tsx';
import { isCode, itemsOf, useQuote } from './use-quote.ts';
import type { OpenQuote, Quotes } from './use-quote.ts';
import { wayOut } from './way-out.ts';
import './checkout.css';

/**
 * A price that is kept for half an hour, with its reasons: what an assistant or a friend sent as a link, or what was put together here.
 * Whoever is signed out sees it all the same, and comes back to it.
 */
export default function QuoteRoom() {
  const t = useText();
  const quotes = useQuote();
  const { state } = quotes;
  return (
    <Page title={t('checkout.price')} narrow={state.status !== 'changed'}>
      <div className="card quote" aria-busy={quotes.busy || state.status === 'loading'}>
        {state.status === 'loading' && <Skeleton height={192} />}
        {state.status === 'failed' && <Failed error={state.error} />}
        {state.status === 'changed' && <ComparePrices changed={state.changed} goOn={quotes.accept} />}
        {state.status === 'open' && <Open open={state.open} quotes={quotes} />}
      </div>
    </Page>
  );
}

function Open(props: { open: OpenQuote; quotes: Quotes }) {
  const t = useText();
  const { open, quotes } = props;
  const { price } = open;
  const items = itemsOf(price);
  const codeProblem = isCode(quotes.problem, 'promotion.unavailable', 'request.invalid', 'request.rate_limited');
  return (
    <>
      <CycleChoice price={price} change={(changed) => quotes.change({ items: changed })} />
      <PriceView
        price={price}
        remove={
          items.length > 1
            ? (line) => quotes.change({ items: items.filter(({ productId }) => productId !== line.productId) })
            : null
        }
      />
      <Suggestions price={price} items={items} take={(taken) => quotes.change({ items: taken })} busy={quotes.busy} />
      <CodeField
        key={open.promotionCode ?? ''}
        code={open.promotionCode}
        problem={codeProblem ? errorText(quotes.problem, t) : null}
        apply={(code) => quotes.change({ code })}
        busy={quotes.busy}
      />
      {open.promotionCode !== null && price.discount?.kind !== 'promotion' && (
        <p className="soft small">{t('checkout.codeBeaten')}</p>
      )}
      {!codeProblem && <ErrorNotice error={quotes.problem} />}
      <Pay open={open} quotes={quotes} />
      <p className="soft small">{t('checkout.keptUntil', { time: formatClock(open.expiresAt, t.locale) })}</p>
    </>
  );
}

function Pay(props: { open: OpenQuote; quotes: Quotes }) {
  const t = useText();
  const session = useSession();
  const { pathname, search } = useLocation();
  const start = useOperation('startCheckout');
  const { open, quotes } = props;

  async function go(): Promise<void> {
    await applyFreshPreferences(t.locale).catch(() => undefined);
    const made = await start.run({ quote: open.quote });
    if (made) location.replace(made.checkoutUrl);
  }

  if (session.status !== 'signed-in') {
    return (
      <ButtonLink to={authPath('/sign-up', pathname + search)} wide>
        {t('checkout.signInToPay')}
      </ButtonLink>
    );
  }
  if (start.error !== null)
    return <Refused error={start.error} retry={() => void go()} busy={start.busy} quotes={quotes} />;
  return (
    <Button onClick={() => void go()} busy={start.busy || quotes.busy} wide>
      {t('checkout.pay')}
    </Button>
  );
}

/** Why the order was not made: where another price is the answer, that one is offered. */
function Refused(props: { error: unknown; retry: () => void; busy: boolean; quotes: Quotes }) {
  const t = useText();
  const { error, quotes } = props;
  const why = isCode(error, 'quote.expired')
    ? 'expired'
    : isCode(error, 'quote.membership_required')
      ? 'membership'
      : isCode(error, 'promotion.unavailable')
        ? 'promotion'
        : null;
  if (why === null) return <Failed error={error} retry={props.retry} busy={props.busy} />;
  return (
    <>
      <ErrorNotice error={error} />
      <Button onClick={() => void quotes.refresh(why)} wide>
        {t('checkout.showNewPrice')}
      </Button>
    </>
  );
}

function Failed(props: { error: unknown; retry?: () => void; busy?: boolean }) {
  const t = useText();
  const way = wayOut(props.error);
  return (
    <>
      <ErrorNotice error={props.error} />
      <div className="row">
        {props.retry && (
          <Button onClick={props.retry} busy={props.busy ?? false}>
            {t('common.tryAgain')}
          </Button>
        )}
        <ButtonLink to={way.to} look="quiet">
          {t(way.text)}
        </ButtonLink>
      </div>
    </>
  );
}
