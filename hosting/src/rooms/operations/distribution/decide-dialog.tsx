import type { DistributionRunView } from '../../../../../functions/src/shared/api/distribution.ts';
import { useOperation } from '../../../api/use-operation.ts';
import { formatTokens } from '../../../format/money.ts';
import { useText } from '../../../i18n/text.ts';
import { PaymentDialog } from './payment-dialog.tsx';

/** What a person does with a payment that waits for them. */
export type Decision = 'approve' | 'reject';

/** Asks for the reason, repeats the sum on the button, and decides. What the chain confirms can't be taken back. */
export function DecideDialog(props: { run: DistributionRunView; decision: Decision; close: () => void }) {
  const t = useText();
  const { run, decision } = props;
  const approve = useOperation('approveDistribution');
  const reject = useOperation('rejectDistribution');
  const deed = decision === 'approve' ? approve : reject;
  const total = formatTokens(run.total, t.locale);
  return (
    <PaymentDialog
      title={t(`payments.${decision}Title`)}
      text={t(`payments.${decision}Text`, { total, count: run.recipients })}
      submit={decision === 'approve' ? t('payments.approveNow', { total }) : t('payments.reject')}
      look={decision === 'approve' ? 'main' : 'bad'}
      deed={deed}
      send={(reason) => deed.run({ runId: run.id, reason })}
      close={props.close}
    />
  );
}
