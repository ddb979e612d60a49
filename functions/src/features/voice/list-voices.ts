import { directionOf, voiceLanguages } from '../../domain/voice/languages.ts';
import { voiceProfiles } from '../../domain/voice/voices.ts';
import type { Handler } from '../../platform/operations.ts';

/** Languages by the names that their speakers use, and voices. */
export const listVoices: Handler<'listVoices'> = async () => ({
  languages: voiceLanguages.map((code) => ({
    code,
    name: new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code,
    direction: directionOf(code),
  })),
  voices: voiceProfiles.map((id) => ({ id })),
});
