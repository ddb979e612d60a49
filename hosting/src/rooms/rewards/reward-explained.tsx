import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Reward, RewardExplanation, RewardPayout } from '../../../../functions/src/shared/api/rewards.ts';
import { currencyName, formatBasisPoints, formatExactTokens, formatNumber, formatPrice } from '../../format/money.ts';
import { formatDay, formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import type { Text } from '../../i18n/text.ts';
import { useRewardExplanation } from '../../live/sources.ts';
import { LiveView } from '../../ui/live-view.tsx';
import { CardsSkeleton } from '../../ui/skeleton.tsx';
import { productName } from '../plans/product-words.ts';
import { isSome } from './reward-words.ts';

type Use = RewardExplanation['uses'][number];

/** Everything behind a reward: the sum line by line, where its tokens are, and what a refund would take back. */
export function RewardExplained(props: { rewardId: Reward['id'] }) {
  const explanation = useRewardExplanation(props.rewardId);
  return (
    <LiveView live={explanation} skeleton={<CardsSkeleton count={1} />}>
      {(data) => (
        <div className="reward-explained">
          <Calculation explanation={data} />
          <Places explanation={data} />
        </div>
      )}
    </LiveView>
  );
}

function Line(props: { name: ReactNode; value: string; detail?: string | undefined; total?: boolean }) {
  return (
    <div className={props.total ? 'reward-total' : undefined}>
      <dt>
        {props.name}
        {props.detail !== undefined && <span className="soft small"> {props.detail}</span>}
      </dt>
      <dd className="num">{props.value}</dd>
    </div>
  );
}

/** Each factor and each share that went back, so that a calculator comes to the same. */
function Calculation({ explanation }: { explanation: RewardExplanation }) {
  const t = useText();
  const { reward, product, cappedOff, reversals } = explanation;
  const tokens = (amount: Reward['amount']) => formatExactTokens(amount, t.locale);
  const productText = product === null ? '' : productName({ id: product.id, name: product.name }, t);
  return (
    <div className="stack">
      <h3>{t('rewards.explain.calculation')}</h3>
      <dl className="reward-sum">
        {reward.kind === 'purchase' && (
          <>
            <Line
              name={t('rewards.explain.paid', { product: productText })}
              detail={t('rewards.explain.paidText')}
              value={formatPrice(reward.paid, t.locale)}
            />
            <Line name={t('rewards.explain.percent')} value={`× ${formatBasisPoints(reward.basisPoints, t.locale)}`} />
            <Line
              name={t('rewards.explain.rate', { currency: currencyName(reward.paid.unit, t.locale) })}
              value={`× ${formatNumber(reward.rate ?? '1', t.locale)}`}
            />
          </>
        )}
        <Line name={t('rewards.explain.earned')} value={`= ${tokens(reward.earned)}`} />
        {isSome(cappedOff) && <Line name={t('rewards.explain.capped')} value={`− ${tokens(cappedOff)}`} />}
        {reversals.map((reversal) => (
          <Line
            key={`${reversal.at} ${reversal.amount.amount} ${reversal.noted.amount}`}
            name={t('rewards.explain.refunded', { day: formatDay(reversal.at, t.locale) })}
            detail={isSome(reversal.noted) ? t('rewards.explain.noted', { amount: tokens(reversal.noted) }) : undefined}
            value={`− ${tokens(reversal.amount)}`}
          />
        ))}
        <Line total name={t('rewards.explain.left')} value={`= ${tokens(reward.amount)}`} />
      </dl>
      <IfRefunded explanation={explanation} />
    </div>
  );
}

function IfRefunded({ explanation: { ifRefunded } }: { explanation: RewardExplanation }) {
  const t = useText();
  if (ifRefunded === null) return null;
  const amount = formatExactTokens(ifRefunded.amount, t.locale);
  return (
    <p className="soft small">
      {t('rewards.explain.ifRefunded', { amount })}{' '}
      {isSome(ifRefunded.noted) &&
        t('rewards.explain.ifRefundedNoted', { amount: formatExactTokens(ifRefunded.noted, t.locale) })}
    </p>
  );
}

/** Where the tokens have been and are, in the order of time. */
function Places({ explanation: { reward, uses } }: { explanation: RewardExplanation }) {
  const t = useText();
  return (
    <div className="stack">
      <h3>{t('rewards.explain.where')}</h3>
      <ol className="reward-path">
        <li>{t('rewards.explain.accrued', { day: formatDay(reward.accruedAt, t.locale) })}</li>
        {reward.state === 'pending' && (
          <li>{t('rewards.explain.heldUntil', { day: formatDay(reward.vestsAt, t.locale) })}</li>
        )}
        {reward.vestedAt !== null && (
          <li>{t('rewards.explain.vestedAt', { day: formatDay(reward.vestedAt, t.locale) })}</li>
        )}
        {uses.map((use) => (
          <li key={`${use.kind}-${use.madeAt}-${use.orderId ?? use.payout?.batchId ?? ''}`}>
            <p>{usedHow(use, t)}</p>
            {use.kind === 'credit' && use.state === 'final' && isSome(use.returned) && !isAllBack(use) && (
              <p className="soft small">
                {t('rewards.explain.use.returned', { amount: formatExactTokens(use.returned, t.locale) })}
              </p>
            )}
            {use.orderId !== null && <Link to={`/orders/${use.orderId}`}>{t('rewards.toOrder')}</Link>}
            {use.payout && <OnChain payout={use.payout} />}
          </li>
        ))}
      </ol>
    </div>
  );
}

function isAllBack(use: Use): boolean {
  return use.returned.amount === use.amount.amount;
}

/** What became of a part of the reward. A lapse is of an account that is gone: nobody reads it. */
function usedHow(use: Use, t: Text): string {
  const amount = formatExactTokens(use.amount, t.locale);
  if (use.kind === 'set_off' || use.kind === 'lapse') return t('rewards.explain.use.set_off', { amount });
  const state = use.state === 'held' ? 'held' : isAllBack(use) ? 'back' : 'final';
  const batch = use.payout?.batchId ?? '';
  return t(`rewards.explain.use.${use.kind}.${state}`, { amount, batch });
}

function OnChain({ payout }: { payout: RewardPayout }) {
  const t = useText();
  if (payout.txHash === null) return null;
  return (
    <p className="small">
      {payout.blockNumber !== null && payout.blockAt !== null && (
        <>
          {t('rewards.explain.block', {
            block: formatNumber(String(payout.blockNumber), t.locale),
            at: formatMoment(payout.blockAt, t.locale),
          })}
          <br />
        </>
      )}
      {t('rewards.explain.transaction')}{' '}
      {payout.explorerUrl === null ? (
        <span className="mono">{payout.txHash}</span>
      ) : (
        <a className="mono" href={payout.explorerUrl} target="_blank" rel="noreferrer">
          {payout.txHash}
        </a>
      )}
    </p>
  );
}
