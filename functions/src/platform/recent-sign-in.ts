import { CodedError } from '../shared/errors.ts';
import type { VerifiedToken } from './users.ts';

/** Long enough to read what is about to happen; a session left open on a borrowed phone must not be able to do it. */
const recentMs = 5 * 60_000;

/**
 * Lets pass who typed a password, or clicked a link, just now. Throws `auth.recent_sign_in_required` for a session that is older than
 * five minutes.
 */
export function requireRecentSignIn(identity: VerifiedToken, now: Date): void {
  if (now.getTime() - identity.authenticatedAt.getTime() > recentMs) {
    throw new CodedError('auth.recent_sign_in_required', 'the last sign-in is older than five minutes: sign in again');
  }
}
