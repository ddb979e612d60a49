import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DistributionRunView } from '../../../../../functions/src/shared/api/distribution.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatTokens } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { distributionKeys } from './distribution-keys.ts';
import { ReasonField } from '../reason-field.tsx';

/** What a person does with a payment that waits for them. */
export type Decision = 'approve' | 'reject';

/** Asks for the reason, repeats the sum on the button, and decides. What the chain confirms can't be taken back. */
export function DecideDialog(props: { run: DistributionRunView; decision: Decision; close: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const { run, decision } = props;
  const approve = useOperation('approveDistribution');
  const reject = useOperation('rejectDistribution');
  const deed = decision === 'approve' ? approve : reject;
  const [reason, setReason] = useState('');
  const total = formatTokens(run.total, t.locale);
  async function decide() {
    const decided = await deed.run({ runId: run.id, reason });
    // Also when it failed: somebody else may have decided meanwhile.
    await queries.invalidateQueries({ queryKey: distributionKeys.all });
    if (decided) props.close();
  }
  return (
    <Dialog title={t(`payments.${decision}Title`)} onClose={props.close}>
      <p>{t(`payments.${decision}Text`, { total, count: run.recipients })}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <ReasonField value={reason} change={setReason} />
        <ErrorNotice error={deed.error} />
        <div className="row">
          <Button type="submit" look={decision === 'approve' ? 'main' : 'bad'} busy={deed.busy}>
            {decision === 'approve' ? t('payments.approveNow', { total }) : t('payments.reject')}
          </Button>
          <Button look="quiet" onClick={props.close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
