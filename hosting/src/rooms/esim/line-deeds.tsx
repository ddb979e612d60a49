import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Line } from '../../../../functions/src/shared/api/orders.ts';
import { useOperation } from '../../api/use-operation.ts';
import { useText } from '../../i18n/text.ts';
import { keys } from '../../live/sources.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';

/** "I installed it": the member says so, and the page moves on to what comes next. */
export function InstalledButton(props: { line: Line }) {
  const t = useText();
  const queries = useQueryClient();
  const confirm = useOperation('confirmInstallation');
  async function say() {
    const line = await confirm.run({ lineId: props.line.id });
    if (!line) return;
    queries.setQueryData(keys.line(line.id), line);
    announce(t('timeline.installed'));
    // The button is about to go: the keyboard goes on from the top of the page, where the new state stands.
    document.getElementById('main')?.focus();
    void queries.invalidateQueries({ queryKey: keys.lines });
    void queries.invalidateQueries({ queryKey: ['order'] });
  }
  return (
    <>
      <Button busy={confirm.busy} onClick={() => void say()}>
        <Icon name="check" size={20} />
        {t('esim.installed')}
      </Button>
      <ErrorNotice error={confirm.error} />
    </>
  );
}

/** Sends the mail with the QR code once more. */
export function ResendButton(props: { line: Line }) {
  const t = useText();
  const resend = useOperation('resendEsimMail');
  const [sent, setSent] = useState(false);
  async function send() {
    setSent(false);
    setSent((await resend.run({ lineId: props.line.id })) !== null);
  }
  return (
    <>
      <Button look="quiet" busy={resend.busy} onClick={() => void send()}>
        <Icon name="mail" size={20} />
        {t('esim.resend')}
      </Button>
      {sent && <Notice tone="good">{t('esim.resent')}</Notice>}
      <ErrorNotice error={resend.error} />
    </>
  );
}
