import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DistributionBatchView } from '../../../../../functions/src/shared/api/distribution.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatTokens } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { ReasonField } from '../reason-field.tsx';
import { distributionKeys } from './distribution-keys.ts';

/** Asks for the reason and has what a batch in conflict holds given back to its members. */
export function ReleaseDialog(props: { batch: DistributionBatchView; close: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const { batch } = props;
  const release = useOperation('releaseConflict');
  const [reason, setReason] = useState('');
  const total = formatTokens(batch.total, t.locale);
  async function giveBack() {
    const released = await release.run({ batchId: batch.id, reason });
    await queries.invalidateQueries({ queryKey: distributionKeys.all });
    if (released) props.close();
  }
  return (
    <Dialog title={t('payments.releaseTitle', { batch: batch.id })} onClose={props.close}>
      <p>{t('payments.releaseText', { total, count: batch.entries })}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void giveBack();
        }}
      >
        <ReasonField value={reason} change={setReason} />
        <ErrorNotice error={release.error} />
        <div className="row">
          <Button type="submit" busy={release.busy}>
            {t('payments.releaseNow', { total })}
          </Button>
          <Button look="quiet" onClick={props.close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
