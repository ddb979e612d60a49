import { useText } from '../../i18n/text.ts';
import { useRewards } from '../../live/sources.ts';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import { ProofCard } from './proof-card.tsx';
import { RewardChart } from './reward-chart.tsx';
import { RewardHistory } from './reward-history.tsx';
import { RewardList } from './reward-list.tsx';
import { RewardSums } from './reward-sums.tsx';
import { WalletCard } from './wallet-card.tsx';
import './rewards.css';

/** What the member has in DOTM: where each token is, why it was earned, and everything that ever moved. */
export default function Rewards() {
  const t = useText();
  const rewards = useRewards();
  return (
    <Page title={t('rewards.title')} intro={t('rewards.intro')}>
      <LiveView live={rewards}>
        {(data) => (
          <div className="stack rewards-room">
            <RewardSums totals={data} />
            <WalletCard wallet={data.wallet} />
            <RewardList rewards={data.rewards} />
            {data.chart.length > 0 && (
              <>
                <RewardChart points={data.chart} />
                <RewardHistory newest={data.chart.at(-1)} />
              </>
            )}
            <ProofCard />
            <LastUpdated live={rewards} />
          </div>
        )}
      </LiveView>
    </Page>
  );
}
