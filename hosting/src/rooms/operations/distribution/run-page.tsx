import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type {
  DistributionBatchView,
  DistributionRunView,
} from '../../../../../functions/src/shared/api/distribution.ts';
import { call } from '../../../api/call.ts';
import { formatTokens } from '../../../format/money.ts';
import { formatMoment } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { BatchBar } from './batch-bar.tsx';
import { BatchTable } from './batch-table.tsx';
import { CheckList } from './check-list.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import type { Decision } from './decide-dialog.tsx';
import { distributionKeys } from './distribution-keys.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { countBatches, historyWords, pauseBetweenLooks, runChip } from './distribution-words.ts';

/** One payment: what it pays, who decided, how far it is, and each of its transactions. It moves while one looks. */
export function RunPage(props: { runId: DistributionRunView['id'] }) {
  const t = useText();
  const { runId } = props;
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const [releasing, setReleasing] = useState<DistributionBatchView | null>(null);
  const heading = useFocusAfter(deciding !== null || releasing !== null);
  const found = useQuery({
    queryKey: distributionKeys.run(runId),
    queryFn: ({ signal }) => call('getDistribution', { runId }, { signal }),
    refetchInterval: ({ state }) => pauseBetweenLooks(state.data?.run.state),
  });
  if (found.isPending) return <CardsSkeleton count={2} />;
  if (!found.data) return <ErrorNotice error={found.error} retry={() => void found.refetch()} />;
  const { run, paid, batches, checks, leftOut, walletsChanged } = found.data;
  const count = countBatches(run.batches);
  const chip = runChip(run, t);
  return (
    <div className="stack" style={{ '--gap': '20px' }}>
      <ErrorNotice error={found.error} retry={() => void found.refetch()} />
      <article className="card stack">
        <div className="row">
          <h2 className="run-name" ref={heading} tabIndex={-1}>
            {t('payments.of', { at: formatMoment(run.createdAt, t.locale) })}
          </h2>
          <span className={`chip chip-${chip.tone}`} role="status">
            {chip.word}
          </span>
        </div>
        <Sums run={run} paid={formatTokens(paid, t.locale)} />
        <BatchBar batches={run.batches} />
        {count > 0 && (
          <p className="soft small num">{t('payments.progress', { confirmed: run.batches.confirmed, count })}</p>
        )}
        <ul className="soft small run-history">
          {historyWords(run, t).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
        <p className="mono soft small">{run.id}</p>
        <Decide run={run} decide={setDeciding} />
      </article>
      {run.batches.conflict > 0 && <Notice tone="bad">{t('payments.conflict')}</Notice>}
      {leftOut > 0 && <Notice tone="warn">{t('payments.leftOut', { count: leftOut })}</Notice>}
      {walletsChanged > 0 && <Notice>{t('payments.walletsChanged', { count: walletsChanged })}</Notice>}
      {run.recipients > 0 && (
        <section className="card stack" aria-labelledby="payment-checks">
          <h3 id="payment-checks">{t('payments.checks')}</h3>
          <CheckList checks={checks} />
        </section>
      )}
      {batches.length > 0 && <BatchTable batches={batches} release={setReleasing} />}
      {deciding && <DecideDialog run={run} decision={deciding} close={() => setDeciding(null)} />}
      {releasing && <ReleaseDialog batch={releasing} close={() => setReleasing(null)} />}
    </div>
  );
}

/** A dialog may take the button away that has opened it: the keyboard's place is then the element that this is the `ref` of. */
function useFocusAfter(isOpen: boolean) {
  const place = useRef<HTMLHeadingElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen && document.activeElement === document.body) place.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return place;
}

function Sums(props: { run: DistributionRunView; paid: string }) {
  const t = useText();
  const { run } = props;
  return (
    <dl className="run-sums">
      <div>
        <dt>{t('payments.total')}</dt>
        <dd className="num">{formatTokens(run.total, t.locale)}</dd>
      </div>
      <div>
        <dt>{t('payments.members')}</dt>
        <dd className="num">{new Intl.NumberFormat(t.locale).format(run.recipients)}</dd>
      </div>
      <div>
        <dt>{t('payments.paidSoFar')}</dt>
        <dd className="num">{props.paid}</dd>
      </div>
    </dl>
  );
}

function Decide(props: { run: DistributionRunView; decide: (decision: Decision) => void }) {
  const t = useText();
  const { mayApprove, mayReject } = props.run;
  if (!mayApprove && !mayReject) return null;
  return (
    <>
      {!mayApprove && <Notice announce={false}>{t('payments.waitsForOther')}</Notice>}
      <div className="row">
        {mayApprove && <Button onClick={() => props.decide('approve')}>{t('payments.approve')}</Button>}
        <Button look="bad" onClick={() => props.decide('reject')}>
          {t('payments.reject')}
        </Button>
      </div>
    </>
  );
}
