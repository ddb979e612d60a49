import { appCheckToken, idToken } from '../auth/session.ts';
import { createClient } from './client.ts';
import { noteNetwork } from './connection.ts';

/** The client of this page: speaks for whoever is signed in. */
export const call = createClient({
  fetch: (input, init) => fetch(input, init),
  idToken,
  appCheckToken,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  onNetwork: noteNetwork,
});
