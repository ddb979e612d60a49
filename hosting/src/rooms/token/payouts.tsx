import type { Payout } from '../../../../functions/src/shared/api/token.ts';
import { shortAddress } from '../../../../functions/src/shared/short-address.ts';
import { formatTokens } from '../../format/money.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';

/** Batches of rewards that were paid on chain, the newest first. */
export function Payouts({ payouts, explorerUrl }: { payouts: readonly Payout[]; explorerUrl: string | null }) {
  const t = useText();
  return (
    <div className="stack">
      <h2 id="token-payouts">{t('token.payouts')}</h2>
      {payouts.length === 0 ? (
        <p className="soft">{t('token.noPayouts')}</p>
      ) : (
        <div className="payout-frame" tabIndex={0} role="region" aria-labelledby="token-payouts">
          <table className="token-payouts">
            <thead>
              <tr>
                {(['when', 'members', 'amount', 'transaction'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`token.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {payouts.map((payout) => (
                <tr key={payout.batchId}>
                  <td>{formatMoment(payout.paidAt, t.locale)}</td>
                  <td className="num">{payout.members.toLocaleString(t.locale)}</td>
                  <td className="num">{formatTokens(payout.amount, t.locale)}</td>
                  <td>
                    <Transaction hash={payout.transactionHash} explorerUrl={explorerUrl} />
                    {!payout.planned && <span className="chip chip-warn">{t('token.notPlanned')}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Transaction({ hash, explorerUrl }: { hash: string; explorerUrl: string | null }) {
  const short = shortAddress(hash);
  if (explorerUrl === null) return <span className="mono">{short}</span>;
  return (
    <a className="mono" href={`${explorerUrl}/tx/${hash}`} target="_blank" rel="noreferrer">
      {short}
    </a>
  );
}
