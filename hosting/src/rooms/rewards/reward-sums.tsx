import type { RewardTotals } from '../../../../functions/src/shared/api/rewards.ts';
import { formatTokens } from '../../format/money.ts';
import { formatDay } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Notice } from '../../ui/notice.tsx';
import { isSome } from './reward-words.ts';
import './reward-sums.css';

/** Where a member's tokens are. What is free and what is pending stand first; the rest once there is something of it. */
export function RewardSums({ totals }: { totals: RewardTotals }) {
  const t = useText();
  const later = (['reserved', 'paid', 'spent'] as const).filter((place) => isSome(totals[place]));
  return (
    <div className="stack">
      <dl className="reward-sums">
        <div className="card">
          <dt>{t('rewards.vested')}</dt>
          <dd className="num" data-testid="reward-vested">
            {formatTokens(totals.vested, t.locale)}
          </dd>
          <dd className="soft small">{t('rewards.vestedText')}</dd>
        </div>
        <div className="card">
          <dt>{t('rewards.pending')}</dt>
          <dd className="num" data-testid="reward-pending">
            {formatTokens(totals.pending, t.locale)}
          </dd>
          <dd className="soft small">
            {totals.nextVestingAt === null
              ? t('rewards.pendingText')
              : t('rewards.nextVesting', { day: formatDay(totals.nextVestingAt, t.locale) })}
          </dd>
        </div>
      </dl>
      {later.length > 0 && (
        <dl className="reward-places">
          {later.map((place) => (
            <div key={place}>
              <dt>{t(`rewards.${place}`)}</dt>
              <dd className="num" data-testid={`reward-${place}`}>
                {formatTokens(totals[place], t.locale)}
              </dd>
              <dd className="soft small">{t(`rewards.${place}Text`)}</dd>
            </div>
          ))}
        </dl>
      )}
      {isSome(totals.note) && (
        <Notice announce={false}>{t('rewards.note', { amount: formatTokens(totals.note, t.locale) })}</Notice>
      )}
    </div>
  );
}
