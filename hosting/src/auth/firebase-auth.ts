import { FirebaseError } from 'firebase/app';
import {
  browserLocalPersistence,
  browserPopupRedirectResolver,
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  EmailAuthProvider,
  getAdditionalUserInfo,
  getIdToken,
  getIdTokenResult,
  GoogleAuthProvider,
  indexedDBLocalPersistence,
  initializeAuth,
  isSignInWithEmailLink,
  onIdTokenChanged,
  reauthenticateWithCredential,
  reauthenticateWithPopup,
  sendEmailVerification,
  sendPasswordResetEmail,
  sendSignInLinkToEmail,
  signInWithEmailAndPassword,
  signInWithEmailLink,
  signInWithPopup,
  signOut,
} from 'firebase/auth';
import type { Auth, User, UserCredential } from 'firebase/auth';
import type { RuntimeConfig } from '../config.ts';
import { readStored, writeStored } from '../storage.ts';
import { firebaseApp } from './firebase-app.ts';
import { markFreshAccount } from './fresh-account.ts';
import type { FirebaseUser } from './session.ts';

/** The address that a sign-in link was sent to: Firebase wants it again when the link is opened. */
const linkAddressKey = 'dotm.link-address';

let connected: Auth | null = null;
let receive: (user: FirebaseUser | null) => void = () => undefined;

function auth(): Auth {
  if (!connected) throw new Error('connectAuth must run first');
  return connected;
}

function userNow(): User {
  const user = auth().currentUser;
  if (!user) throw new Error('nobody is signed in');
  return user;
}

function noteNew(credential: UserCredential): void {
  if (getAdditionalUserInfo(credential)?.isNewUser) markFreshAccount();
}

/** For whom a token was renewed because their address had been verified: once is enough, and a loop would be worse than an hour. */
let renewedFor: string | null = null;

async function report(user: User | null): Promise<void> {
  if (!user) return receive(null);
  // Offline the token may be stale and cannot be renewed: the member still sees what this device kept.
  const claims = await getIdTokenResult(user).then(
    (result) => result.claims,
    () => null,
  );
  // The address was verified since the token was made: the server believes the token only, and the new one comes back here.
  if (user.emailVerified && claims?.['email_verified'] === false && renewedFor !== user.uid) {
    renewedFor = user.uid;
    await getIdToken(user, true).catch(() => undefined);
  }
  receive({
    uid: user.uid,
    email: user.email,
    emailVerified: user.emailVerified,
    displayName: user.displayName,
    providers: user.providerData.map((provider) => provider.providerId),
    roleClaim: claims?.['role'],
  });
}

/** Connects to Firebase Auth and tells `onUser` who is signed in, now and after each change. Resolves once that is known. */
export async function connectAuth(config: RuntimeConfig, onUser: (user: FirebaseUser | null) => void): Promise<void> {
  receive = onUser;
  const instance = initializeAuth(firebaseApp(config), {
    persistence: [indexedDBLocalPersistence, browserLocalPersistence],
  });
  const emulator = config.emulators?.auth;
  if (emulator) connectAuthEmulator(instance, emulator, { disableWarnings: true });
  connected = instance;
  await instance.authStateReady();
  await report(instance.currentUser);
  onIdTokenChanged(instance, (user) => void report(user));
}

/** The ID token of the user, or null when signed out. Falls back to null when it cannot be renewed. */
export async function currentToken(fresh: boolean): Promise<string | null> {
  const user = auth().currentUser;
  return user ? getIdToken(user, fresh).catch(() => null) : null;
}

/** Tells Firebase the language of its mails (verification, reset, link). */
export function setMailLanguage(language: string): void {
  auth().languageCode = language;
}

/** Makes an account with e-mail and password, and sends the mail that verifies the address. */
export async function signUp(email: string, password: string): Promise<void> {
  await createUserWithEmailAndPassword(auth(), email, password);
  markFreshAccount();
  // The purchase does not wait for it, and a failure to send can be repaired from the account page.
  await sendVerification().catch(() => undefined);
}

/** Signs in with e-mail and password. */
export async function signIn(email: string, password: string): Promise<void> {
  await signInWithEmailAndPassword(auth(), email, password);
}

/** Signs in (or up) with Google in a pop-up window. */
export async function signInWithGoogle(): Promise<void> {
  noteNew(await signInWithPopup(auth(), new GoogleAuthProvider(), browserPopupRedirectResolver));
}

/** Mails a link that signs in without a password and comes back to `returnUrl`. */
export async function sendLink(email: string, returnUrl: string): Promise<void> {
  await sendSignInLinkToEmail(auth(), email, { url: returnUrl, handleCodeInApp: true });
  writeStored(linkAddressKey, email);
}

/** Whether this page was opened by a sign-in link. */
export function openedByLink(): boolean {
  return isSignInWithEmailLink(auth(), location.href);
}

/** The address that the link was asked for on this device, or null when it was another device. */
export function linkAddress(): string | null {
  return readStored(linkAddressKey);
}

/** Signs in with the link that opened this page. */
export async function completeLink(email: string): Promise<void> {
  noteNew(await signInWithEmailLink(auth(), email, location.href));
  writeStored(linkAddressKey, null);
}

/** Mails a link that sets a new password. An unknown address looks the same: nobody learns who has an account. */
export async function resetPassword(email: string): Promise<void> {
  await sendPasswordResetEmail(auth(), email, { url: `${location.origin}/sign-in` }).catch((error: unknown) => {
    if (!(error instanceof FirebaseError) || error.code !== 'auth/user-not-found') throw error;
  });
}

/** Mails the link that verifies the address. */
export async function sendVerification(): Promise<void> {
  await sendEmailVerification(userNow(), { url: `${location.origin}/account` });
}

/** Asks Firebase whether the address has been verified meanwhile; a new token then says so to the server. */
export async function refreshUser(): Promise<boolean> {
  const user = userNow();
  await user.reload();
  if (user.emailVerified) await getIdToken(user, true);
  await report(auth().currentUser);
  return user.emailVerified;
}

/** Proves again who is here with the password: needed before an account is deleted. */
export async function proveByPassword(password: string): Promise<void> {
  const user = userNow();
  await reauthenticateWithCredential(user, EmailAuthProvider.credential(user.email ?? '', password));
  await getIdToken(user, true);
}

/** Proves again who is here with Google. */
export async function proveByGoogle(): Promise<void> {
  const user = userNow();
  await reauthenticateWithPopup(user, new GoogleAuthProvider(), browserPopupRedirectResolver);
  await getIdToken(user, true);
}

/** Signs out on this device. What the page kept is wiped by the session's `onLeave`. */
export async function leave(): Promise<void> {
  await signOut(auth());
}
