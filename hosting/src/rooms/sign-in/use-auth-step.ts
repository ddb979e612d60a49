import { useRef, useState } from 'react';
import { authErrorText } from '../../auth/auth-error.ts';
import { authModule } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';

type AuthModule = Awaited<ReturnType<typeof authModule>>;

/** Runs one step with Firebase Auth: busy while it lasts, a member's text when it fails. Answers whether it succeeded. */
export function useAuthStep() {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef(false);

  async function run(step: (auth: AuthModule) => Promise<unknown>): Promise<boolean> {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      const auth = await authModule();
      // Whatever mail the step sends speaks the language of who is reading this page.
      auth.setMailLanguage(t.locale);
      await step(auth);
      return true;
    } catch (error) {
      setProblem(authErrorText(error, t));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }
  return { run, busy, problem };
}
