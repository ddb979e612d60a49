import { useId, useState } from 'react';
import { Link } from 'react-router';
import type { Reward } from '../../../../functions/src/shared/api/rewards.ts';
import { formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { RewardExplained } from './reward-explained.tsx';
import { rewardReason, rewardTones, rewardWhen } from './reward-words.ts';
import './reward-list.css';

/** What was earned, newest first, each with its sum; opened, everything behind it. */
export function RewardList(props: { rewards: Reward[] }) {
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
          <Row key={reward.id} reward={reward} />
        ))}
      </ul>
    </section>
  );
}

function Row({ reward }: { reward: Reward }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const panel = useId();
  const amount = formatTokens(reward.amount, t.locale);
  return (
    <li>
      <p className="reward-head">
        <strong className="num" id={`${panel}-amount`}>
          {amount}
        </strong>
        {reward.kind !== 'purchase' && <span>{t(`rewards.kind.${reward.kind}`)}</span>}
        <span className={`chip chip-${rewardTones[reward.state]}`}>{t(`rewards.state.${reward.state}`)}</span>
      </p>
      <p className="num">{rewardReason(reward, t)}</p>
      <p className="soft small">
        {rewardWhen(reward, t)} <Link to={`/orders/${reward.orderId}`}>{t('rewards.toOrder')}</Link>
      </p>
      <p>
        <Button
          look="link"
          aria-expanded={open}
          aria-controls={panel}
          aria-describedby={`${panel}-amount`}
          onClick={() => setOpen(!open)}
        >
          {t('rewards.explain')}
        </Button>
      </p>
      <div id={panel} hidden={!open}>
        {open && <RewardExplained rewardId={reward.id} />}
      </div>
    </li>
  );
}
