let here = true;

/** Whether this page may still keep something of a member: false from the moment in which somebody leaves, until the page is loaded anew. */
export function mayKeepVoice(): boolean {
  return here;
}

/** Keeps this page from keeping any more of voice messages: what is still on its way, or sounds, must not come back after the wipe. */
export function stopKeepingVoice(): void {
  here = false;
}

/**
 * Forgets what this device kept of voice messages: clips with the member's name, and which messages were heard. Part of signing out. The names
 * of the boxes are written out here because the start of the app loads this file and must not load the player with it.
 */
export async function forgetVoice(): Promise<void> {
  if (!('caches' in globalThis)) return;
  await Promise.all(['dotm-voice', 'dotm-voice-personal'].map((name) => caches.delete(name)));
}
