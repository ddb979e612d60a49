import { useState } from 'react';
import type { FormEvent } from 'react';
import { authPath } from '../../auth/next.ts';
import { useSession } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import type { ButtonLook } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { GoogleMark } from '../sign-in/google-mark.tsx';
import { useAuthStep } from '../sign-in/use-auth-step.ts';

/** What is said around the proof: what it leads to, and where the mailed link brings the member back to. */
interface ProofWords {
  confirm: string;
  linkSent: (email: string) => string;
  returnTo: string;
  look: ButtonLook;
}

/** Asks the member to prove who they are once more, by whichever way they sign in. Speaks of deleting the account unless told otherwise. */
export function ProveIdentity(props: { proven: () => void; words?: ProofWords }) {
  const t = useText();
  const session = useSession();
  const step = useAuthStep();
  const [password, setPassword] = useState('');
  const [sent, setSent] = useState(false);
  if (session.status !== 'signed-in') return null;
  const { providers, email } = session.user;
  const words = props.words ?? {
    confirm: t('prove.delete'),
    linkSent: (to: string) => t('prove.linkSent', { email: to }),
    returnTo: '/account',
    look: 'bad' as const,
  };

  async function prove(by: 'google' | 'password') {
    const done = await step.run((auth) => (by === 'google' ? auth.proveByGoogle() : auth.proveByPassword(password)));
    if (done) props.proven();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void prove('password');
  }
  async function mailLink() {
    setSent(
      await step.run((auth) => auth.sendLink(email ?? '', location.origin + authPath('/sign-in', words.returnTo))),
    );
  }

  return (
    <div className="stack">
      <p>{t('prove.text')}</p>
      {providers.includes('google.com') && (
        <Button look="quiet" busy={step.busy} onClick={() => void prove('google')}>
          <GoogleMark />
          {t('auth.google')}
        </Button>
      )}
      {providers.includes('password') && (
        <form className="stack" onSubmit={submit}>
          <Field
            label={t('auth.password')}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <div className="row">
            <Button type="submit" look={words.look} busy={step.busy}>
              {words.confirm}
            </Button>
            <Button look="link" onClick={() => void mailLink()}>
              {t('prove.link')}
            </Button>
          </div>
        </form>
      )}
      {sent && <Notice tone="good">{words.linkSent(email ?? '')}</Notice>}
      {step.problem && <Notice tone="bad">{step.problem}</Notice>}
    </div>
  );
}
