import type { Throat } from './speak.ts';

/** A voice of the account. */
export interface AccountVoice {
  readonly voice_id: string;
  readonly name: string;
  readonly category: 'premade';
  readonly throat: Throat;
}

/** The premade voices that every account of ElevenLabs has, as far as the platform uses them. */
export const accountVoices: readonly AccountVoice[] = [
  { voice_id: 'pNInz6obpgDQGcFmaJgB', name: 'Adam', category: 'premade', throat: throat(105, 0.16, 0.94) },
  { voice_id: 'EXAVITQu4vr4xnSDxMaL', name: 'Bella', category: 'premade', throat: throat(205, 0.08, 1.16) },
  { voice_id: 'ErXwobaYiN019PkySvjV', name: 'Antoni', category: 'premade', throat: throat(135, 0.12, 1.02) },
];

function throat(pitchHz: number, melody: number, formants: number): Throat {
  return { pitchHz, melody, formants };
}

/** What each model speaks, and what a character of it costs in credits. Source: ElevenLabs' own list of models and prices. */
export const models: Readonly<Record<string, { readonly credits: number; readonly silentIn: readonly string[] }>> = {
  eleven_multilingual_v2: { credits: 1, silentIn: ['hu', 'no', 'vi', 'th', 'he'] },
  eleven_flash_v2_5: { credits: 0.5, silentIn: ['th', 'he'] },
  eleven_v3: { credits: 1, silentIn: [] },
};

/** Models that take a `language_code`; the others guess from the text and refuse one. */
export const modelsWithLanguage: readonly string[] = ['eleven_flash_v2_5', 'eleven_v3'];
