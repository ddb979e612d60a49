import type { Text } from '../i18n/text.ts';

/** Reads the code of a Firebase Auth error ("auth/invalid-email" -> "invalid-email"), or null. */
export function authErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  const match = /^auth\/([a-z-]+)/.exec(String(error.code));
  return match?.[1] ?? null;
}

/** Closing the window is a choice, not a failure: nothing is shown for these. */
const silent = new Set(['popup-closed-by-user', 'cancelled-popup-request', 'user-cancelled']);

/**
 * Codes that mean the same to a member. Wrong password and unknown address are one on purpose: the answer must not tell
 * strangers who has an account.
 */
const aliases: Record<string, string> = {
  'wrong-password': 'invalid-credential',
  'user-not-found': 'invalid-credential',
  'invalid-login-credentials': 'invalid-credential',
  'missing-password': 'invalid-credential',
  'missing-email': 'invalid-email',
  'invalid-action-code': 'expired-action-code',
  'credential-already-in-use': 'email-already-in-use',
  'quota-exceeded': 'too-many-requests',
};

/** What a member is told when signing in or up fails; null where nothing should be said. */
export function authErrorText(error: unknown, t: Text): string | null {
  const code = authErrorCode(error);
  if (code === null) return t('auth.error.other');
  if (silent.has(code)) return null;
  return t.maybe(`auth.error.${aliases[code] ?? code}`) ?? t('auth.error.other');
}
