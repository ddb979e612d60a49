import { useState } from 'react';
import type { FormEvent } from 'react';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AuthFrame, useNext } from './auth-frame.tsx';
import { useAuthStep } from './use-auth-step.ts';

/** Firebase's own lower bound; a longer one is advised, not forced, on a phone's keyboard. */
const shortestPassword = 6;

/** Makes an account with as little typing as there can be, and goes straight on to what the visitor came for. */
export default function SignUp() {
  const t = useText();
  const next = useNext();
  const step = useAuthStep();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const buying = next.startsWith('/checkout');

  function submit(event: FormEvent) {
    event.preventDefault();
    void step.run((auth) => auth.signUp(email.trim(), password));
  }

  return (
    <AuthFrame page="/sign-up" title="auth.signUpTitle">
      <form className="stack" onSubmit={submit}>
        <Field
          label={t('auth.email')}
          type="email"
          name="email"
          autoComplete="email"
          inputMode="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label={t('auth.password')}
          type="password"
          name="password"
          autoComplete="new-password"
          minLength={shortestPassword}
          required
          hint={t('auth.passwordHint')}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {step.problem && <Notice tone="bad">{step.problem}</Notice>}
        <Button type="submit" wide busy={step.busy}>
          {t(buying ? 'auth.signUpAndPay' : 'auth.signUp')}
        </Button>
      </form>
    </AuthFrame>
  );
}
