import { voiceMessageSchema } from '../../../functions/src/shared/api/voice.ts';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import type { VoiceLanguageCode, VoiceMessageId, VoiceName } from '../../../functions/src/shared/voice.ts';
import { personalClips } from './clip-store.ts';
import { mayKeepVoice } from './forget-voice.ts';

/** A rendering that somebody asks for. */
export interface Wish {
  messageId: VoiceMessageId;
  language: VoiceLanguageCode;
  voice: VoiceName;
}

/** An address that no server has: the cache is used as a box with labels. */
function labelOf({ messageId, language, voice }: Wish): string {
  return `/voice-messages/${messageId}/${language}/${voice}`;
}

function openBox(): Promise<Cache | null> {
  if (!('caches' in globalThis) || !mayKeepVoice()) return Promise.resolve(null);
  return caches.open(personalClips).catch(() => null);
}

/** Keeps a message on this device, so that it can be heard again without network. */
export async function keepMessage(message: VoiceMessage): Promise<void> {
  if (!message.ready) return;
  const box = await openBox();
  // A full disk is no reason to stop.
  await box?.put(labelOf(message), Response.json(message)).catch(() => undefined);
}

/** A message that this device kept; null when there is none, or when it has another shape by now. */
export async function keptMessage(wish: Wish): Promise<VoiceMessage | null> {
  const box = await openBox();
  const kept: unknown = await (await box?.match(labelOf(wish)).catch(() => undefined))?.json().catch(() => null);
  return voiceMessageSchema.safeParse(kept).data ?? null;
}
