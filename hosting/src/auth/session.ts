import { useSyncExternalStore } from 'react';
import { roles } from '../../../functions/src/shared/operation.ts';
import type { Role } from '../../../functions/src/shared/operation.ts';
import type { RuntimeConfig } from '../config.ts';
import { readStored, writeStored } from '../storage.ts';
import type * as AppCheck from './app-check.ts';
import type * as FirebaseAuth from './firebase-auth.ts';

export interface SessionUser {
  uid: string;
  email: string | null;
  emailVerified: boolean;
  displayName: string | null;
  /** How this member signs in: `password` (or a mailed link, which Firebase calls the same), `google.com`. */
  providers: string[];
  role: Role | null;
}

export type Session = { status: 'starting' } | { status: 'signed-out' } | { status: 'signed-in'; user: SessionUser };

/** What Firebase says about a user; the role is still an unchecked claim. */
export type FirebaseUser = Omit<SessionUser, 'role'> & { roleClaim: unknown };

type AuthModule = typeof FirebaseAuth;
type AppCheckModule = typeof AppCheck;

/** Set while somebody is signed in on this device: the next start then loads Firebase at once instead of when idle. */
const hintKey = 'dotm.session';
/** Set until a sign-out has wiped what this device kept: a crash in between must not leave somebody's eSIM behind. */
export const wipeKey = 'dotm.wipe';

const listeners = new Set<() => void>();
let session: Session = { status: 'starting' };
let startAuth: () => Promise<AuthModule> = () => Promise.reject(new Error('startSession has not been called'));
let leaving: ((uid: string) => Promise<void>) | null = null;

function publish(next: Session): void {
  session = next;
  listeners.forEach((listener) => listener());
}

function roleOf(claim: unknown): Role | null {
  return roles.find((role) => role === claim) ?? null;
}

/** Takes over what Firebase says about the user. */
function receiveUser(user: FirebaseUser | null): void {
  const before = session.status === 'signed-in' ? session.user.uid : null;
  writeStored(hintKey, user ? '1' : null);
  if (before !== null && before !== user?.uid && leaving) {
    // Signed out here, in another tab, or by the server: this page forgets everything before it shows anything else.
    void leaving(before);
    return;
  }
  if (!user) return publish({ status: 'signed-out' });
  const { roleClaim, ...rest } = user;
  publish({ status: 'signed-in', user: { ...rest, role: roleOf(roleClaim) } });
}

/**
 * Starts Firebase Auth: at once where somebody was signed in, otherwise when the browser is idle, so that a visitor's first
 * screen does not wait for it. `onLeave` is called when the signed-in member leaves.
 */
export function startSession(config: RuntimeConfig, onLeave: (uid: string) => Promise<void>): void {
  leaving = onLeave;
  let loading: Promise<AuthModule> | null = null;
  startAuth = () => {
    loading ??= import('./firebase-auth.ts').then(async (module) => {
      // Firebase attaches App Check's token from the first request on, if App Check was started before it.
      await appCheck?.();
      await module.connectAuth(config, receiveUser);
      return module;
    });
    // A failed download (offline, first visit) is tried again by the next caller.
    loading.catch(() => (loading = null));
    return loading;
  };
  const begin = () => void startAuth().catch(() => publish({ status: 'signed-out' }));
  if (readStored(hintKey) !== null || location.pathname !== '/') begin();
  else if ('requestIdleCallback' in window) requestIdleCallback(begin, { timeout: 2000 });
  else setTimeout(begin, 500);
}

/** Firebase Auth, loaded and connected. Rejects when it cannot be downloaded. */
export function authModule(): Promise<AuthModule> {
  return startAuth();
}

/** The ID token of whoever is signed in, or null. `fresh` forces a new one (after a claim or verification changed). */
export async function idToken(fresh: boolean): Promise<string | null> {
  // A visitor's catalogue must not wait for Firebase; who may be signed in has left a hint.
  if (session.status === 'signed-out') return null;
  if (session.status === 'starting' && readStored(hintKey) === null) return null;
  return (await authModule()).currentToken(fresh);
}

/** The App Check token where App Check is in use, or null. */
export async function appCheckToken(): Promise<string | null> {
  return appCheck === null ? null : (await appCheck()).currentAppCheckToken();
}

let appCheck: (() => Promise<AppCheckModule>) | null = null;

/** Turns App Check on: every call then carries a token. */
export function turnOnAppCheck(load: () => Promise<AppCheckModule>): void {
  appCheck = load;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Who is signed in, followed live. */
export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Who is signed in right now. */
export function currentSession(): Session {
  return session;
}
