import { useQuery } from '@tanstack/react-query';
import { call } from '../../../api/call.ts';
import { formatCalendarDay } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { voiceAdminKeys } from './voice-keys.ts';

/** What speech costs: today against its bound, and the days before. */
export function VoiceBudget() {
  const t = useText();
  const budget = useQuery({
    queryKey: voiceAdminKeys.budget,
    queryFn: ({ signal }) => call('getVoiceBudget', {}, { signal }),
    refetchInterval: 30_000,
  });
  const number = new Intl.NumberFormat(t.locale);
  const days = budget.data?.days ?? [];
  const columns = ['spent', 'reserved', 'lost', 'clips', 'recovered'] as const;
  return (
    <div className="stack" style={{ '--gap': '16px' }}>
      <h2 id="voice-budget">{t('voices.budget')}</h2>
      <ErrorNotice error={budget.error} retry={() => void budget.refetch()} />
      {budget.isPending && <CardsSkeleton count={1} />}
      {budget.data && (
        <p className="soft">{t('voices.budgetText', { credits: number.format(budget.data.dailyCredits) })}</p>
      )}
      {budget.data && days.length === 0 && <p>{t('voices.nothingSpent')}</p>}
      {days.length > 0 && (
        <div className="table-frame" role="region" aria-labelledby="voice-budget" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('voices.column.day')}</th>
                {columns.map((column) => (
                  <th scope="col" key={column}>
                    {t(`voices.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day}>
                  <td>{formatCalendarDay(day.day, t.locale)}</td>
                  {columns.map((column) => (
                    <td className="num" key={column}>
                      {number.format(day[column])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
