/** How a voice reads, as ElevenLabs counts it: from 0 to 1. */
export interface VoiceSettings {
  /** High is even, low is lively. */
  readonly stability: number;
  /** How closely it keeps to the voice's recordings. */
  readonly similarity: number;
  /** How much of the voice's manner it adds. */
  readonly style: number;
}

/** A voice to choose. `voiceId` is the one of ElevenLabs that it has unless the configuration names another. */
export interface Voice {
  readonly voiceId: string;
  readonly settings: VoiceSettings;
}

const voices = {
  /** Energetic, enthusiastic: Adam. */
  CanadianRockstar: {
    voiceId: 'pNInz6obpgDQGcFmaJgB',
    settings: { stability: 0.65, similarity: 0.8, style: 0.6 },
  },
  /** Clear, professional: Bella. */
  ScienceTeacher: {
    voiceId: 'EXAVITQu4vr4xnSDxMaL',
    settings: { stability: 0.8, similarity: 0.75, style: 0.4 },
  },
  /** Warm, friendly: Antoni. */
  BuddyFriend: {
    voiceId: 'ErXwobaYiN019PkySvjV',
    settings: { stability: 0.7, similarity: 0.7, style: 0.55 },
  },
} as const satisfies Record<string, Voice>;

/** The name by which a member chooses a voice. It is kept in preferences and in the history: it never changes. */
export type VoiceProfile = keyof typeof voices;

/** The voices in the order in which they are offered. */
export const voiceProfiles = Object.keys(voices) as readonly VoiceProfile[];

/** Says whether a text is the name of one of our voices. */
export function isVoiceProfile(text: string): text is VoiceProfile {
  return Object.hasOwn(voices, text);
}

/** Gives a voice with its settings, and its usual id unless `ids` names another. */
export function voiceOf(profile: VoiceProfile, ids: Readonly<Partial<Record<VoiceProfile, string>>> = {}): Voice {
  const { voiceId, settings } = voices[profile];
  return { voiceId: ids[profile] ?? voiceId, settings };
}
