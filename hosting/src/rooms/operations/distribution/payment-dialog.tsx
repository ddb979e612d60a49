import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../../i18n/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { ReasonField } from '../reason-field.tsx';
import { distributionKeys } from './distribution-keys.ts';

/** Says what a deed on a payment would do, asks for the reason, and does it. `send` answers null when it failed: `deed` then says why. */
export function PaymentDialog(props: {
  title: string;
  text: string;
  submit: string;
  look: 'main' | 'bad';
  deed: { busy: boolean; error: unknown };
  send: (reason: string) => Promise<unknown>;
  close: () => void;
}) {
  const t = useText();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  async function send() {
    const done = await props.send(reason);
    // Also when it failed: somebody else may have done something meanwhile.
    await queries.invalidateQueries({ queryKey: distributionKeys.all });
    if (done !== null) props.close();
  }
  return (
    <Dialog title={props.title} onClose={props.close}>
      <p>{props.text}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <ReasonField value={reason} change={setReason} />
        <ErrorNotice error={props.deed.error} />
        <div className="row">
          <Button type="submit" look={props.look} busy={props.deed.busy}>
            {props.submit}
          </Button>
          <Button look="quiet" onClick={props.close}>
            {t('common.close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
