/**
 * Forgets what this device kept of voice messages: clips with the member's name, and which messages were heard. Part of signing out. The names
 * of the boxes are written out here because the start of the app loads this file and must not load the player with it.
 */
export async function forgetVoice(): Promise<void> {
  if (!('caches' in globalThis)) return;
  await Promise.all(['dotm-voice', 'dotm-voice-personal'].map((name) => caches.delete(name)));
}
