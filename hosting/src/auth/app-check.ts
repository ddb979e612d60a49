import { getToken, initializeAppCheck, ReCaptchaEnterpriseProvider } from 'firebase/app-check';
import type { AppCheck } from 'firebase/app-check';
import type { RuntimeConfig } from '../config.ts';
import { firebaseApp } from './firebase-app.ts';

let appCheck: AppCheck | null = null;

/** Starts App Check with the site key of the runtime config. Must run before Firestore is opened. */
export function startAppCheck(config: RuntimeConfig, siteKey: string): void {
  appCheck ??= initializeAppCheck(firebaseApp(config), {
    provider: new ReCaptchaEnterpriseProvider(siteKey),
    isTokenAutoRefreshEnabled: true,
  });
}

/** A valid App Check token, or null where it could not be had; the server then says so. */
export async function currentAppCheckToken(): Promise<string | null> {
  if (!appCheck) return null;
  try {
    return (await getToken(appCheck)).token;
  } catch {
    return null;
  }
}
