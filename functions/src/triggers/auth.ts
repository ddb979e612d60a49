import type { CloudFunction } from 'firebase-functions';
import {
  onUserCreated as userCreated,
  onUserDeleted as userDeleted,
  type AuthEvent,
  type User,
} from 'firebase-functions/identity';
import { services } from '../platform/container.ts';
import { base, secrets } from './options.ts';

const options = { ...base, secrets: secrets.database, retry: true, concurrency: 10, maxInstances: 3 };

/** Somebody signed up: the account is set up. Retried; a lost event is healed by the first signed-in call. */
export const onUserCreated: CloudFunction<AuthEvent<User>> = userCreated(options, async (event) => {
  const { signUp } = await import('../features/accounts/sign-up.ts');
  const { uid, email, emailVerified, displayName } = event.data;
  await signUp(services(), { uid, email: email ?? null, emailVerified, name: displayName ?? null });
});

/** Somebody's sign-in was deleted, by them or in the console: personal data goes, the ledger stays. */
export const onUserDeleted: CloudFunction<AuthEvent<User>> = userDeleted(options, async (event) => {
  const { onSignInDeleted } = await import('../features/accounts/on-sign-in-deleted.ts');
  await onSignInDeleted(services(), event.data.uid);
});
