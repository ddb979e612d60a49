import { useQuery, useQueryClient } from '@tanstack/react-query';
import { payers } from '../../../../../functions/src/shared/api/distribution.ts';
import type { DistributionReport, DistributionRunView } from '../../../../../functions/src/shared/api/distribution.ts';
import { call } from '../../../api/call.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatTokens } from '../../../format/money.ts';
import { formatMoment } from '../../../format/time.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNotice, Notice } from '../../../ui/notice.tsx';
import { CardsSkeleton } from '../../../ui/skeleton.tsx';
import { distributionKeys } from './distribution-keys.ts';
import { ReportView } from './report-view.tsx';

/** Roles that plan payments; the others read. */
export const planners = payers;

/** Shows what a payment planned now would be, and plans it when the reader says so. */
export function PlanPage(props: { opened: (runId: DistributionRunView['id']) => void }) {
  const t = useText();
  const dryRun = useQuery({
    queryKey: distributionKeys.report,
    queryFn: ({ signal }) =>
      call('planDistribution', { dryRun: true }, { signal, idempotencyKey: `report-${crypto.randomUUID()}` }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const report = dryRun.data?.report ?? null;
  return (
    <div className="stack" style={{ '--gap': '20px' }}>
      <ErrorNotice error={dryRun.error} retry={() => void dryRun.refetch()} />
      {dryRun.isPending && <CardsSkeleton count={3} />}
      {report && (
        <>
          <div className="stack" style={{ '--gap': '6px' }}>
            <h2 className="run-name">{t('payments.report')}</h2>
            <p className="soft">{t('payments.reportText', { at: formatMoment(report.at, t.locale) })}</p>
          </div>
          <ReportView report={report} />
          <Plan
            report={report}
            opened={props.opened}
            again={() => void dryRun.refetch()}
            counting={dryRun.isFetching}
          />
        </>
      )}
    </div>
  );
}

function Plan(props: {
  report: DistributionReport;
  opened: (runId: DistributionRunView['id']) => void;
  again: () => void;
  counting: boolean;
}) {
  const t = useText();
  const queries = useQueryClient();
  const { report } = props;
  const plan = useOperation('planDistribution');
  async function go() {
    const planned = await plan.run({ dryRun: false });
    if (!planned?.run) return;
    void queries.invalidateQueries({ queryKey: distributionKeys.list });
    props.opened(planned.run.id);
  }
  const total = formatTokens(report.total, t.locale);
  return (
    <div className="stack">
      {report.recipients === 0 ? (
        <Empty title={t('payments.nobody')} text={t('payments.emptyReport')} />
      ) : (
        <Notice tone="info" announce={false}>
          {t(report.needsApproval ? 'payments.needsApproval' : 'payments.goesOut')}
        </Notice>
      )}
      <ErrorNotice error={plan.error} />
      <div className="row">
        {report.recipients > 0 && (
          <Button busy={plan.busy} onClick={() => void go()}>
            {t('payments.planNow', { total, count: report.recipients })}
          </Button>
        )}
        <Button look="quiet" busy={props.counting} onClick={props.again}>
          {t('payments.reportAgain')}
        </Button>
      </div>
    </div>
  );
}
