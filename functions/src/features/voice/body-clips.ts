import type { VoiceLanguage } from '../../domain/voice/languages.ts';
import { bodyOf, greetingOf } from '../../domain/voice/segments.ts';
import { messageIds } from '../../domain/voice/texts.ts';
import { voiceProfiles } from '../../domain/voice/voices.ts';
import type { VoicePolicy } from '../../platform/voice-settings.ts';
import { clipOf, type WantedClip } from '../../store/voice-clips.ts';

/** What everybody hears, in all voices: the greeting without a name and the sentences of all messages, by language in the order given. */
export function bodyClips(settings: VoicePolicy, languages: readonly VoiceLanguage[]): WantedClip[] {
  return languages.flatMap((language) =>
    voiceProfiles.flatMap((voice) => [
      clipOf(settings, language, voice, 'welcome', greetingOf(language, null)),
      ...messageIds.flatMap((id) =>
        bodyOf(language, id).map((segment) => clipOf(settings, language, voice, id, segment)),
      ),
    ]),
  );
}
