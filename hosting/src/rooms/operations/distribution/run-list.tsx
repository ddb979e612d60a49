import { useInfiniteQuery } from '@tanstack/react-query';
import type { DistributionRunView } from '../../../../../functions/src/shared/api/distribution.ts';
import { call } from '../../../api/call.ts';
import { formatMoment } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { BatchBar } from './batch-bar.tsx';
import { distributionKeys } from './distribution-keys.ts';
import { historyWords, pauseBetweenLooks, runChip, sumWords } from './distribution-words.ts';

/** Payments, newest first; those under way move while one looks. */
export function RunList(props: { open: (runId: DistributionRunView['id']) => void }) {
  const t = useText();
  const list = useInfiniteQuery({
    queryKey: distributionKeys.list,
    initialPageParam: null as DistributionRunView['id'] | null,
    queryFn: ({ pageParam, signal }) =>
      call('listDistributions', pageParam === null ? {} : { before: pageParam }, { signal }),
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => {
      const runs = state.data?.pages.flatMap((page) => page.runs) ?? [];
      const pauses = runs.map((run) => pauseBetweenLooks(run.state)).filter((pause) => pause !== false);
      return pauses.length === 0 ? 60_000 : Math.min(...pauses);
    },
  });
  const runs = list.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <>
      <ErrorNotice error={list.error} retry={() => void list.refetch()} />
      {list.isPending && <CardsSkeleton count={2} />}
      {list.data && runs.length === 0 && <Empty title={t('payments.none')} text={t('payments.noneText')} />}
      <ul className="stack">
        {runs.map((run) => (
          <li key={run.id}>
            <RunCard run={run} open={() => props.open(run.id)} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button look="quiet" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('payments.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function RunCard(props: { run: DistributionRunView; open: () => void }) {
  const t = useText();
  const { run } = props;
  const chip = runChip(run, t);
  const name = t('payments.of', { at: formatMoment(run.createdAt, t.locale) });
  return (
    <article className="card stack" style={{ '--gap': '10px' }}>
      <div className="row">
        <h2 className="run-name">{name}</h2>
        <span className={`chip chip-${chip.tone}`}>{chip.word}</span>
      </div>
      <p className="num">{sumWords(run, t)}</p>
      {run.state === 'sending' && <BatchBar batches={run.batches} />}
      <p className="soft small run-history">{historyWords(run, t).join(' · ')}</p>
      <div>
        <Button size="small" look={run.mayApprove ? 'main' : 'quiet'} onClick={props.open}>
          {t('payments.look')}
          <span className="sr-only"> {name}</span>
        </Button>
      </div>
    </article>
  );
}
