import { useState } from 'react';
import { useSession } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAuthStep } from '../sign-in/use-auth-step.ts';

/** Asks for the address to be verified until it is. Buying does not wait for it; some rewards do. */
export function VerifyEmail() {
  const t = useText();
  const session = useSession();
  const send = useAuthStep();
  const look = useAuthStep();
  const [sent, setSent] = useState(false);
  if (session.status !== 'signed-in' || session.user.emailVerified) return null;
  return (
    <Notice tone="warn" announce={false}>
      <div className="stack" style={{ '--gap': '10px' }}>
        <p>
          <strong>{t('verify.title')}</strong>
          <br />
          {t('verify.text', { email: session.user.email ?? '' })}
        </p>
        <div className="row">
          <Button
            look="quiet"
            size="small"
            busy={send.busy}
            onClick={() => void send.run((auth) => auth.sendVerification()).then(setSent)}
          >
            {t('verify.send')}
          </Button>
          <Button
            look="quiet"
            size="small"
            busy={look.busy}
            onClick={() => void look.run((auth) => auth.refreshUser())}
          >
            {t('verify.done')}
          </Button>
        </div>
        <div role="status">
          {sent && <p>{t('verify.sent')}</p>}
          {send.problem && <p>{send.problem}</p>}
        </div>
      </div>
    </Notice>
  );
}
