import { useQuery } from '@tanstack/react-query';
import type { Money } from '../../../../functions/src/shared/money.ts';
import { call } from '../../api/call.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { CardsSkeleton } from '../../ui/skeleton.tsx';

function exactly(money: Money | null): string {
  return money === null ? '–' : `${money.amount} ${money.unit}`;
}

/** What the last nightly reconciliation found: each difference with its cause. */
export function Differences() {
  const t = useText();
  const found = useQuery({
    queryKey: ['differences'],
    queryFn: ({ signal }) => call('listDifferences', {}, { signal }),
  });
  if (found.isPending) return <CardsSkeleton count={2} />;
  if (found.error) return <ErrorNotice error={found.error} retry={() => void found.refetch()} />;
  const { ranAt, differences } = found.data;
  return (
    <section className="stack" aria-label={t('operations.part.differences')}>
      <p className="soft">
        {ranAt === null ? t('operations.neverRan') : t('operations.ranAt', { at: formatMoment(ranAt, t.locale) })}
      </p>
      {differences.length === 0 ? (
        <Empty title={t('operations.noDifferences')} text={t('operations.noDifferencesText')} />
      ) : (
        <div className="table-frame" tabIndex={0} role="region" aria-label={t('operations.part.differences')}>
          <table>
            <thead>
              <tr>
                {(['kind', 'subject', 'expected', 'found', 'cause'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`operations.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differences.map((difference) => (
                <tr key={difference.id}>
                  <td>{difference.kind}</td>
                  <td className="mono">{difference.subject}</td>
                  <td className="num">{exactly(difference.expected)}</td>
                  <td className="num">{exactly(difference.found)}</td>
                  <td>{difference.cause}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
