import { vendorError } from './failure.ts';

/**
 * Makes what tells the access token of whoever this program runs as, limited to `scope`: on Google's machines the service account of the
 * function, on a desk what `gcloud auth application-default login` left. The library keeps a token until shortly before its end and
 * finds out by itself where to ask. Throws `vendor.unavailable`.
 */
export function googleToken(scope: string): () => Promise<string> {
  let auth: Promise<{ getAccessToken(): Promise<string | null | undefined> }> | undefined;
  return async () => {
    try {
      // Loaded at the first call: 80 ms that nobody pays who signs nothing.
      auth ??= import('google-auth-library').then(({ GoogleAuth }) => new GoogleAuth({ scopes: [scope] }));
      const token = await (await auth).getAccessToken();
      if (token) return token;
    } catch (error) {
      throw vendorError('unavailable', 'Google gave no access token: check the service account', error);
    }
    throw vendorError('unavailable', 'Google gave an empty access token: check the service account');
  };
}
