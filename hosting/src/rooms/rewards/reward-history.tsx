import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { RewardMovement, RewardPoint } from '../../../../functions/src/shared/api/rewards.ts';
import { call } from '../../api/call.ts';
import { formatNumber, formatTokens } from '../../format/money.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { keys, useRewardMovements } from '../../live/sources.ts';
import { Button } from '../../ui/button.tsx';
import { LiveView } from '../../ui/live-view.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import './reward-history.css';

/** What adds to what the member can use or will be able to, and what takes away from it; the rest moves between places. */
const signs: Partial<Record<RewardMovement['kind'], '+' | '−'>> = {
  accrued: '+',
  credit_returned: '+',
  reversed: '−',
  set_off: '−',
  lapsed: '−',
  paid: '−',
  spent: '−',
};

/**
 * Everything that ever moved the member's tokens, the ledger and the chain in one list, newest first. `newest` is where they are as the page
 * knows it: when that changes, something has moved.
 */
export function RewardHistory(props: { newest: RewardPoint | undefined }) {
  const t = useText();
  const movements = useRewardMovements();
  useFresh(JSON.stringify(props.newest));
  return (
    <section className="stack" aria-labelledby="reward-history">
      <h2 id="reward-history">{t('rewards.history.title')}</h2>
      <LiveView live={movements}>
        {(page) =>
          page.movements.length === 0 ? (
            <p className="soft">{t('rewards.history.empty')}</p>
          ) : (
            <>
              <Rows movements={page.movements} />
              {page.nextCursor !== null && <Older key={page.nextCursor} cursor={page.nextCursor} />}
            </>
          )
        }
      </LiveView>
    </section>
  );
}

/** Asks again when the page hears that tokens have moved: this list is not followed live. */
function useFresh(state: string): void {
  const queries = useQueryClient();
  const known = useRef(state);
  useEffect(() => {
    if (known.current === state) return;
    known.current = state;
    void queries.invalidateQueries({ queryKey: keys.rewardMovements });
  }, [queries, state]);
}

function Rows(props: { movements: RewardMovement[] }) {
  const t = useText();
  return (
    <ul className="reward-history">
      {props.movements.map((movement) => (
        <li key={movement.id}>
          <span className="reward-history-what">
            {t(`rewards.history.${movement.kind}`)}
            <Source movement={movement} />
          </span>
          <span className="soft small">{formatMoment(movement.at, t.locale)}</span>
          <span className="num reward-history-amount">
            {signs[movement.kind]} {formatTokens(movement.amount, t.locale)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Source({ movement: { orderId, payout } }: { movement: RewardMovement }) {
  const t = useText();
  if (payout?.explorerUrl) {
    const { blockNumber } = payout;
    const block = blockNumber === null ? null : formatNumber(String(blockNumber), t.locale);
    return (
      <a className="small" href={payout.explorerUrl} target="_blank" rel="noreferrer">
        {block === null ? t('rewards.explain.transaction') : t('rewards.history.inBlock', { block })}
      </a>
    );
  }
  if (payout?.txHash) return <span className="mono soft small">{payout.txHash}</span>;
  if (orderId === null) return null;
  return (
    <Link className="small" to={`/orders/${orderId}`}>
      {t('rewards.history.toOrder')}
    </Link>
  );
}

/** What is older is history and is asked for a page at a time. */
function Older(props: { cursor: string }) {
  const t = useText();
  const [older, setOlder] = useState<RewardMovement[]>([]);
  const [cursor, setCursor] = useState<string | null>(props.cursor);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function more(from: string) {
    setBusy(true);
    setError(null);
    try {
      const page = await call('listRewardMovements', { cursor: from });
      setOlder([...older, ...page.movements]);
      setCursor(page.nextCursor);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Rows movements={older} />
      <ErrorNotice error={error} />
      {cursor !== null && (
        <div>
          <Button look="quiet" busy={busy} onClick={() => void more(cursor)}>
            {t('rewards.history.older')}
          </Button>
        </div>
      )}
    </>
  );
}
