import {
  clearIndexedDbPersistence,
  collection,
  connectFirestoreEmulator,
  doc,
  initializeFirestore,
  limit,
  onSnapshot,
  orderBy,
  persistentLocalCache,
  persistentMultipleTabManager,
  query,
  terminate,
} from 'firebase/firestore';
import type { Firestore } from 'firebase/firestore';
import { firebaseApp } from '../auth/firebase-app.ts';
import type { RuntimeConfig } from '../config.ts';

/** What to follow: one document, or the newest documents of a collection. */
export type LiveTarget = { document: string } | { collection: string; newest: number };

/** One state of the target: raw data (null where the document does not exist) and whether the server has confirmed it. */
export interface LiveState {
  data: unknown;
  confirmed: boolean;
}

let store: Firestore | null = null;

/** Opens Firestore with a cache on disk that all tabs share: a traveller without network still sees the eSIM. */
export function openStore(config: RuntimeConfig): Firestore {
  if (store) return store;
  store = initializeFirestore(firebaseApp(config), {
    localCache: persistentLocalCache({ tabManager: persistentMultipleTabManager() }),
  });
  const [host, port] = (config.emulators?.firestore ?? '').split(':');
  if (host && port) connectFirestoreEmulator(store, host, Number(port));
  return store;
}

/** Follows a target. `onError` means that no more states will come (no permission, no service). */
export function follow(
  config: RuntimeConfig,
  target: LiveTarget,
  onState: (state: LiveState) => void,
  onError: () => void,
): () => void {
  const db = openStore(config);
  // A change from cached to confirmed is a state of its own: it moves "last updated".
  const options = { includeMetadataChanges: true };
  if ('document' in target) {
    return onSnapshot(
      doc(db, target.document),
      options,
      (found) => onState({ data: found.data() ?? null, confirmed: !found.metadata.fromCache }),
      onError,
    );
  }
  const newest = query(collection(db, target.collection), orderBy('createdAt', 'desc'), limit(target.newest));
  return onSnapshot(
    newest,
    options,
    (found) => onState({ data: found.docs.map((entry) => entry.data()), confirmed: !found.metadata.fromCache }),
    onError,
  );
}

/** Closes Firestore and erases its disk cache. Rejects while another tab holds it open. */
export async function wipeStore(config: RuntimeConfig): Promise<void> {
  const db = openStore(config);
  await terminate(db);
  store = null;
  await clearIndexedDbPersistence(db);
}
