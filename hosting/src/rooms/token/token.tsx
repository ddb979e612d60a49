import { getToken } from '../../../../functions/src/shared/api/token.ts';
import { call } from '../../api/call.ts';
import type { OperationOutput } from '../../api/client.ts';
import { formatTokens } from '../../format/money.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { useLive } from '../../live/use-live.ts';
import { Empty } from '../../ui/empty.tsx';
import { LastUpdated, LiveView } from '../../ui/live-view.tsx';
import { Page } from '../../ui/page.tsx';
import { CapPicture } from './cap-picture.tsx';
import { Contracts } from './contracts.tsx';
import { Payouts } from './payouts.tsx';
import { StatementCard } from './statement-card.tsx';
import './token.css';

/** The token as the service shows it to everybody. */
export type TokenView = NonNullable<OperationOutput<'getToken'>['token']>;

/** The DOTM token for anybody: how much exists and may exist, who was paid, what is owed, and how to check all of it. */
export default function Token() {
  const t = useText();
  const live = useLive({
    key: ['token'],
    target: null,
    schema: getToken.output,
    fetch: (signal) => call('getToken', {}, { signal }),
  });
  return (
    <Page title={t('token.title')} intro={t('token.intro')}>
      <LiveView live={live}>
        {({ token }) =>
          token === null ? (
            <Empty title={t('token.noneTitle')} text={t('token.noneText')} />
          ) : (
            <div className="stack token-room">
              <Supply token={token} />
              <StatementCard statement={token.statement} />
              {token.reading && <Payouts payouts={token.reading.payouts} explorerUrl={token.explorerUrl} />}
              <Contracts token={token} />
              <LastUpdated live={live} />
            </div>
          )
        }
      </LiveView>
    </Page>
  );
}

function Supply({ token }: { token: TokenView }) {
  const t = useText();
  const { reading, statement } = token;
  if (!reading) return <Empty title={t('token.unreadTitle')} text={t('token.unreadText')} />;
  return (
    <section className="card stack" aria-labelledby="token-supply">
      <h2 id="token-supply">{t('token.supplyTitle')}</h2>
      <dl className="token-sums">
        <div>
          <dt>{t('token.supply')}</dt>
          <dd className="num" data-testid="token-supply">
            {formatTokens(reading.supply, t.locale)}
          </dd>
        </div>
        <div>
          <dt>{t('token.cap')}</dt>
          <dd className="num">{formatTokens(reading.cap, t.locale)}</dd>
        </div>
        <div>
          <dt>{t('token.holders')}</dt>
          <dd className="num" data-testid="token-holders">
            {reading.holders.toLocaleString(t.locale)}
          </dd>
        </div>
      </dl>
      <CapPicture supply={reading.supply} cap={reading.cap} statement={statement?.statement ?? null} />
      <p className="soft small">
        {t('token.readAt', {
          block: reading.blockNumber.toLocaleString(t.locale),
          at: formatMoment(reading.readAt, t.locale),
        })}
      </p>
    </section>
  );
}
