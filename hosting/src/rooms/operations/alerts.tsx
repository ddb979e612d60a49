import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { alertSchema } from '../../../../functions/src/shared/api/admin.ts';
import { idSchema } from '../../../../functions/src/shared/ids.ts';
import { call } from '../../api/call.ts';
import { useOperation } from '../../api/use-operation.ts';
import { formatMoment } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Segmented } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { CardsSkeleton } from '../../ui/skeleton.tsx';
import { ReasonField } from './reason-field.tsx';

type Alert = z.infer<typeof alertSchema>;

/** Alerts that are open, or all of them; a dead job among them can be put back in its queue. */
export function Alerts() {
  const t = useText();
  const [which, setWhich] = useState<'open' | 'all'>('open');
  const alerts = useQuery({
    queryKey: ['alerts', which],
    queryFn: ({ signal }) => call('listAlerts', { open: which === 'open' ? 'true' : 'false' }, { signal }),
    refetchInterval: 30_000,
  });
  return (
    <section className="stack" aria-label={t('operations.part.alerts')}>
      <Segmented
        label={t('operations.which')}
        value={which}
        options={(['open', 'all'] as const).map((value) => ({ value, text: t(`operations.${value}`) }))}
        onChange={setWhich}
      />
      <ErrorNotice error={alerts.error} retry={() => void alerts.refetch()} />
      {alerts.isPending && <CardsSkeleton count={2} />}
      {alerts.data?.alerts.length === 0 && (
        <Empty title={t('operations.noAlerts')} text={t('operations.noAlertsText')} />
      )}
      <ul className="stack">
        {alerts.data?.alerts.map((alert) => (
          <li key={alert.id}>
            <AlertCard alert={alert} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AlertCard(props: { alert: Alert }) {
  const t = useText();
  const { alert } = props;
  const job = idSchema('job').safeParse(alert.subject);
  const [asking, setAsking] = useState<'retry' | 'close' | null>(null);
  const retry = useOperation('retryJob');
  const closing = useOperation('closeAlert');
  const done = () => setAsking(null);
  return (
    <article className="card stack" style={{ '--gap': '10px' }}>
      <div className="row">
        <span className={`chip chip-${alert.resolvedAt === null ? 'bad' : 'good'}`}>{alert.kind}</span>
        <span className="soft small num">{formatMoment(alert.raisedAt, t.locale)}</span>
      </div>
      <p>{alert.message}</p>
      <p className="mono soft">{alert.subject}</p>
      {alert.resolvedAt === null && (
        <div className="row">
          {job.success && (
            <Button look="quiet" size="small" onClick={() => setAsking('retry')}>
              {t('operations.retryJob')}
            </Button>
          )}
          <Button look="quiet" size="small" onClick={() => setAsking('close')}>
            {t('operations.closeAlert')}
          </Button>
        </div>
      )}
      {asking === 'retry' && job.success && (
        <ReasonDialog
          title={t('operations.retryJob')}
          done={t('operations.retried')}
          subject={job.data}
          deed={retry}
          send={(reason) => retry.run({ jobId: job.data, reason })}
          close={done}
        />
      )}
      {asking === 'close' && (
        <ReasonDialog
          title={t('operations.closeAlert')}
          done={t('operations.alertClosed')}
          subject={alert.id}
          deed={closing}
          send={(reason) => closing.run({ alertId: alert.id, reason })}
          close={done}
        />
      )}
    </article>
  );
}

/** Asks for the reason of a deed that the audit log keeps, and does it. */
function ReasonDialog(props: {
  title: string;
  done: string;
  subject: string;
  deed: { busy: boolean; error: unknown };
  send: (reason: string) => Promise<unknown>;
  close: () => void;
}) {
  const t = useText();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [done, setDone] = useState(false);
  async function send() {
    if ((await props.send(reason)) === null) return;
    setDone(true);
  }
  // The list is asked again when the dialog closes: a card that vanished at once would take the word of success with it.
  function close() {
    props.close();
    if (done) void queries.invalidateQueries({ queryKey: ['alerts'] });
  }
  return (
    <Dialog title={props.title} onClose={close}>
      <p className="mono">{props.subject}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <ReasonField value={reason} change={setReason} />
        {done && <Notice tone="good">{props.done}</Notice>}
        <ErrorNotice error={props.deed.error} />
        <div className="row">
          {!done && (
            <Button type="submit" busy={props.deed.busy}>
              {props.title}
            </Button>
          )}
          <Button look="quiet" onClick={close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
