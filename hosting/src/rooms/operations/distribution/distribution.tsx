import { useState } from 'react';
import type { DistributionRunView } from '../../../../../functions/src/shared/api/distribution.ts';
import type { Role } from '../../../../../functions/src/shared/operation.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { PlanPage, planners } from './plan-page.tsx';
import { RunList } from './run-list.tsx';
import { RunPage } from './run-page.tsx';
import './distribution.css';

/** What of the room is open: the list, a new payment, or one of the list. */
type Open = { part: 'list' } | { part: 'plan' } | { part: 'run'; runId: DistributionRunView['id'] };

/** The operators' view of payments on the chain: what was and is paid, and a new one with what it would be before it is planned. */
export function Distribution(props: { role: Role }) {
  const t = useText();
  const [open, setOpen] = useState<Open>({ part: 'list' });
  const openRun = (runId: DistributionRunView['id']) => setOpen({ part: 'run', runId });
  return (
    <section className="stack" aria-label={t('operations.part.payments')} style={{ '--gap': '20px' }}>
      {open.part === 'list' ? (
        <>
          <p className="soft">{t('payments.intro')}</p>
          {planners.includes(props.role) && (
            <div>
              <Button onClick={() => setOpen({ part: 'plan' })}>{t('payments.plan')}</Button>
            </div>
          )}
          <RunList open={openRun} />
        </>
      ) : (
        <>
          <div>
            <Button look="link" onClick={() => setOpen({ part: 'list' })}>
              {t('payments.all')}
            </Button>
          </div>
          {open.part === 'run' ? <RunPage runId={open.runId} /> : <PlanPage opened={openRun} />}
        </>
      )}
    </section>
  );
}
