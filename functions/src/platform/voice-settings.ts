import { voiceNames, type VoiceName } from '../shared/voice.ts';

/** How speech is bought. */
export interface VoicePolicy {
  /** Ids at ElevenLabs of voices that have another than the usual one. */
  readonly voiceIds: Readonly<Partial<Record<VoiceName, string>>>;
  /** The most that a day (UTC) may cost, in the vendor's credits. */
  readonly dailyCredits: number;
}

/**
 * Reads the settings of speech. `voiceIds` is JSON of our voice's name to an id at ElevenLabs. Throws when it is none, or names a voice
 * that we don't have: a swap in silence would be heard by everybody.
 */
export function readVoiceSettings(raw: { voiceIds: string; dailyCredits: number }): VoicePolicy {
  const value: unknown = JSON.parse(raw.voiceIds);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('VOICE_IDS must be a JSON object of voice name to voice id');
  }
  const voiceIds: Partial<Record<VoiceName, string>> = {};
  for (const [key, id] of Object.entries(value)) {
    const name = voiceNames.find((each) => each === key);
    if (!name) throw new Error(`VOICE_IDS names ${key}, which is none of ${voiceNames.join(', ')}`);
    if (typeof id !== 'string' || !/^\w{8,64}$/.test(id))
      throw new Error(`VOICE_IDS.${name} must be the id of a voice`);
    voiceIds[name] = id;
  }
  return { voiceIds, dailyCredits: raw.dailyCredits };
}
