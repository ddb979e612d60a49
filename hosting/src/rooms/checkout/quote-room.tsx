import { useLocation } from 'react-router';
import { fromMoney, subtract, toMoney } from '../../../../functions/src/shared/money.ts';
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
import { CreditChoice } from './credit-choice.tsx';
import { PriceView, type CreditRow } from './price-view.tsx';
import { isSome } from './price-words.ts';
import { Suggestions } from './suggestions.tsx';
import { useCredit } from './use-credit.ts';
import type { Credit } from './use-credit.ts';
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
  const credit = useCredit(open.quote);
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
        credit={creditRow(credit)}
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
      <CreditChoice credit={credit} renews={isSome(price.recurring.monthly) || isSome(price.recurring.annual)} />
      <Pay open={open} quotes={quotes} credit={credit} />
      <p className="soft small">{t('checkout.keptUntil', { time: formatClock(open.expiresAt, t.locale) })}</p>
    </>
  );
}

/** What is left is known at once; what it costs in tokens and earns comes with the server's answer. */
function creditRow({ chosen, preview, busy }: Credit): CreditRow | null {
  if (!preview || chosen === 0n) return null;
  const { unit } = preview.due;
  const left = subtract(fromMoney(preview.due), chosen);
  const { tokens, reward } = preview;
  return { amount: toMoney(unit, chosen), left: toMoney(unit, left), tokens, reward, busy };
}

function Pay(props: { open: OpenQuote; quotes: Quotes; credit: Credit }) {
  const t = useText();
  const session = useSession();
  const { pathname, search } = useLocation();
  const start = useOperation('startCheckout');
  const { open, quotes, credit } = props;
  const { unit } = open.price.dueNow;
  const isWhole = credit.chosen > 0n && credit.chosen === fromMoney(open.price.dueNow);

  async function go(): Promise<void> {
    await applyFreshPreferences(t.locale).catch(() => undefined);
    const part = credit.chosen === 0n ? {} : { credit: toMoney(unit, credit.chosen) };
    const made = await start.run({ quote: open.quote, ...part });
    if (made) location.replace(made.checkoutUrl);
  }

  // Somebody spent them meanwhile, in another tab or by a payout: what is there now is shown again.
  function chooseAgain(): void {
    start.clear();
    credit.reload();
  }

  if (session.status !== 'signed-in') {
    return (
      <ButtonLink to={authPath('/sign-up', pathname + search)} wide>
        {t('checkout.signInToPay')}
      </ButtonLink>
    );
  }
  if (isCode(start.error, 'reward.insufficient')) {
    return (
      <>
        <ErrorNotice error={start.error} />
        <Button onClick={chooseAgain} wide>
          {t('checkout.credit.chooseAgain')}
        </Button>
      </>
    );
  }
  if (start.error !== null)
    return <Refused error={start.error} retry={() => void go()} busy={start.busy} quotes={quotes} />;
  return (
    <Button onClick={() => void go()} busy={start.busy || quotes.busy} wide>
      {t(isWhole ? 'checkout.credit.pay' : 'checkout.pay')}
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
