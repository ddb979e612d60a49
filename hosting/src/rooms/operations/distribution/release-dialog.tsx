import type { DistributionBatchView } from '../../../../../functions/src/shared/api/distribution.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatTokens } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { PaymentDialog } from './payment-dialog.tsx';

/** Asks for the reason and has what a batch in conflict holds given back to its members. */
export function ReleaseDialog(props: { batch: DistributionBatchView; close: () => void }) {
  const t = useText();
  const { batch } = props;
  const release = useOperation('releaseConflict');
  const total = formatTokens(batch.total, t.locale);
  return (
    <PaymentDialog
      title={t('payments.releaseTitle', { batch: batch.id })}
      text={t('payments.releaseText', { total, count: batch.entries })}
      submit={t('payments.releaseNow', { total })}
      look="main"
      deed={release}
      send={(reason) => release.run({ batchId: batch.id, reason })}
      close={props.close}
    />
  );
}
