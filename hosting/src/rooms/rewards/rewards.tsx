import { Link } from 'react-router';
import type { Reward } from '../../../../functions/src/shared/api/rewards.ts';
import { formatBasisPoints, formatPrice, formatTokens } from '../../format/money.ts';
import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import type { Text } from '../../i18n/text.ts';
import { useRewards } from '../../live/sources.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import { explainReward } from './explain.ts';
import './rewards.css';

/** What the member has earned, and why each figure is what it is. */
export default function Rewards() {
  const t = useText();
  const rewards = useRewards();
  return (
    <Page title={t('rewards.title')} intro={t('rewards.intro')}>
      <LiveView live={rewards}>
        {(data) => (
          <div className="stack" style={{ '--gap': '28px' }}>
            <dl className="reward-sums">
              <div className="card">
                <dt>{t('rewards.pending')}</dt>
                <dd className="num" data-testid="reward-pending">
                  {formatTokens(data.pending, t.locale)}
                </dd>
                <dd className="soft small">{t('rewards.pendingText')}</dd>
              </div>
              <div className="card">
                <dt>{t('rewards.vested')}</dt>
                <dd className="num" data-testid="reward-vested">
                  {formatTokens(data.vested, t.locale)}
                </dd>
                <dd className="soft small">{t('rewards.vestedText')}</dd>
              </div>
            </dl>
            <RewardList rewards={data.rewards} />
            <LastUpdated live={rewards} />
          </div>
        )}
      </LiveView>
    </Page>
  );
}

function RewardList(props: { rewards: Reward[] }) {
  const t = useText();
  if (props.rewards.length === 0) {
    return (
      <Empty title={t('rewards.emptyTitle')} text={t('rewards.emptyText')}>
        <ButtonLink to="/plans">{t('landing.choose')}</ButtonLink>
      </Empty>
    );
  }
  return (
    <section className="stack" aria-labelledby="reward-list">
      <h2 id="reward-list">{t('rewards.list')}</h2>
      <ul className="reward-list">
        {props.rewards.map((reward) => (
          <li key={reward.id}>
            <p className="reward-head">
              <strong className="num">{formatTokens(reward.amount, t.locale)}</strong>
              <span className={`chip chip-${tones[reward.state]}`}>{t(`rewards.state.${reward.state}`)}</span>
            </p>
            <p>{arithmetic(reward, t)}</p>
            <p className="soft small">
              {whenText(reward, t)} <Link to={`/orders/${reward.orderId}`}>{t('rewards.toOrder')}</Link>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const tones = { pending: 'busy', vested: 'good', reversed: 'warn' } as const satisfies Record<Reward['state'], string>;

function arithmetic(reward: Reward, t: Text): string {
  const values = {
    paid: formatPrice(reward.paid, t.locale),
    percent: formatBasisPoints(reward.basisPoints, t.locale),
    amount: formatTokens(reward.amount, t.locale),
  };
  if (reward.state === 'reversed') return t('rewards.why.reversed', values);
  const explanation = explainReward(reward);
  if (explanation.kind === 'rate') return t('rewards.why.rate', { ...values, rate: explanation.rate });
  return t(explanation.kind === 'plain' ? 'rewards.why.plain' : 'rewards.why.refund', values);
}

function whenText(reward: Reward, t: Text): string {
  if (reward.state === 'reversed') return t('rewards.earnedOn', { day: formatDay(reward.accruedAt, t.locale) });
  const day = formatDay(reward.vestsAt, t.locale);
  return reward.state === 'pending' ? t('rewards.vestsOn', { day }) : t('rewards.vestedOn', { day });
}
