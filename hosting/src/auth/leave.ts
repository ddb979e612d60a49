import type { QueryClient } from '@tanstack/react-query';
import type { RuntimeConfig } from '../config.ts';
import { forgetKept } from '../live/kept.ts';
import { readStored, writeStored } from '../storage.ts';
import { forgetVoice, stopKeepingVoice } from '../voice/forget-voice.ts';
import { wipeKey } from './session.ts';

/** Paths under which this page lands after somebody left. */
export type LandingAfterLeave = '/' | '/?deleted=1';

let landing: LandingAfterLeave = '/';

/** Says where the coming sign-out ends: the farewell of a deleted account is another page than a plain sign-out. */
export function landAfterLeaving(path: LandingAfterLeave): void {
  landing = path;
}

/**
 * Forgets everything that this device kept of the member: answers in memory, intents of this tab, and Firestore's disk
 * cache with the eSIM in it. Then loads the page anew, so that nothing stays in memory either. A shared phone must not
 * leak an eSIM; the mark `wipeKey` makes the next start finish what a crash interrupted.
 */
export async function wipeAndReload(queries: QueryClient, config: RuntimeConfig): Promise<void> {
  writeStored(wipeKey, '1');
  // An answer that is still on its way must not be kept after all.
  stopKeepingVoice();
  await queries.cancelQueries();
  queries.clear();
  sessionStorage.clear();
  await finishWipe(config);
  forgetKept();
  location.replace(landing);
}

/** Wipes Firestore's disk cache if a sign-out asked for it; the mark stays while another tab holds the cache open. */
export async function finishWipe(config: RuntimeConfig): Promise<void> {
  if (readStored(wipeKey) === null) return;
  try {
    await forgetVoice();
    if (config.liveUpdates) await (await import('../live/firestore.ts')).wipeStore(config);
    writeStored(wipeKey, null);
  } catch {
    // The other tab is leaving too; whoever comes last finishes it.
  }
}
