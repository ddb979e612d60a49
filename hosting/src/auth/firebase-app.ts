import { getApps, initializeApp } from 'firebase/app';
import type { FirebaseApp } from 'firebase/app';
import type { RuntimeConfig } from '../config.ts';

/** The one Firebase app of this page. */
export function firebaseApp(config: RuntimeConfig): FirebaseApp {
  const { appId, ...rest } = config.firebase;
  return getApps()[0] ?? initializeApp({ ...rest, ...(appId === undefined ? {} : { appId }) });
}
