import { getApps, initializeApp, type App } from 'firebase-admin/app';

/** The one Firebase app of this instance; credentials and project come from the environment. */
export function firebaseApp(): App {
  return getApps()[0] ?? initializeApp();
}
