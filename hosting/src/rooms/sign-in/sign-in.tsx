import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { authPath } from '../../auth/next.ts';
import { authModule } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AuthFrame, useNext } from './auth-frame.tsx';
import { useAuthStep } from './use-auth-step.ts';

type Way = 'password' | 'link' | 'reset' | 'opened-link';

const titles = {
  password: 'auth.signInTitle',
  link: 'auth.linkTitle',
  reset: 'auth.resetTitle',
  'opened-link': 'auth.openedTitle',
} as const;

/** Signs in with a password, with Google, or with a link by mail; also the page that such a link opens. */
export default function SignIn() {
  const [way, setWay] = useState<Way>('password');

  useEffect(() => {
    // Only a page opened by a mailed link carries these; everybody else skips the question.
    if (!location.search.includes('oobCode')) return;
    void authModule().then((auth) => auth.openedByLink() && setWay('opened-link'));
  }, []);

  return (
    <AuthFrame page="/sign-in" title={titles[way]}>
      {way === 'password' && <PasswordForm setWay={setWay} />}
      {way === 'link' && <LinkForm setWay={setWay} />}
      {way === 'reset' && <ResetForm setWay={setWay} />}
      {way === 'opened-link' && <OpenedLink setWay={setWay} />}
    </AuthFrame>
  );
}

interface WayProps {
  setWay: (way: Way) => void;
}

function EmailField(props: { email: string; setEmail: (email: string) => void }) {
  const t = useText();
  return (
    <Field
      label={t('auth.email')}
      type="email"
      name="email"
      autoComplete="email"
      inputMode="email"
      required
      value={props.email}
      onChange={(event) => props.setEmail(event.target.value)}
    />
  );
}

function PasswordForm({ setWay }: WayProps) {
  const t = useText();
  const step = useAuthStep();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    void step.run((auth) => auth.signIn(email.trim(), password));
  }
  return (
    <form className="stack" onSubmit={submit}>
      <EmailField email={email} setEmail={setEmail} />
      <Field
        label={t('auth.password')}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {step.problem && <Notice tone="bad">{step.problem}</Notice>}
      <Button type="submit" wide busy={step.busy}>
        {t('auth.signIn')}
      </Button>
      <div className="auth-ways">
        <Button look="link" onClick={() => setWay('link')}>
          {t('auth.wantLink')}
        </Button>
        <Button look="link" onClick={() => setWay('reset')}>
          {t('auth.forgot')}
        </Button>
      </div>
    </form>
  );
}

function LinkForm({ setWay }: WayProps) {
  const t = useText();
  const next = useNext();
  const step = useAuthStep();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const back = location.origin + authPath('/sign-in', next);
    setSent(await step.run((auth) => auth.sendLink(email.trim(), back)));
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <EmailField email={email} setEmail={setEmail} />
      {step.problem && <Notice tone="bad">{step.problem}</Notice>}
      {sent && <Notice tone="good">{t('auth.linkSent', { email })}</Notice>}
      <Button type="submit" wide busy={step.busy}>
        {t('auth.sendLink')}
      </Button>
      <BackToPassword setWay={setWay} />
    </form>
  );
}

function ResetForm({ setWay }: WayProps) {
  const t = useText();
  const step = useAuthStep();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setSent(await step.run((auth) => auth.resetPassword(email.trim())));
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <EmailField email={email} setEmail={setEmail} />
      {step.problem && <Notice tone="bad">{step.problem}</Notice>}
      {sent && <Notice tone="good">{t('auth.resetSent', { email })}</Notice>}
      <Button type="submit" wide busy={step.busy}>
        {t('auth.sendReset')}
      </Button>
      <BackToPassword setWay={setWay} />
    </form>
  );
}

function OpenedLink({ setWay }: WayProps) {
  const t = useText();
  const { run, busy, problem } = useAuthStep();
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);

  useEffect(() => {
    void authModule().then((auth) => {
      // On the device that asked for the link the address is known and nothing needs to be typed.
      setEmail(auth.linkAddress() ?? '');
      setTried(true);
    });
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    void run((auth) => auth.completeLink(email.trim()));
  }
  return (
    <form className="stack" onSubmit={submit}>
      <p className="soft">{t('auth.openedText')}</p>
      <EmailField email={email} setEmail={setEmail} />
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Button type="submit" wide busy={busy || !tried}>
        {t('auth.signIn')}
      </Button>
      {problem && <BackToPassword setWay={setWay} />}
    </form>
  );
}

function BackToPassword({ setWay }: WayProps) {
  const t = useText();
  return (
    <Button look="link" onClick={() => setWay('password')}>
      {t('auth.withPassword')}
    </Button>
  );
}
