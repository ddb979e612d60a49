import type { z } from 'zod';
import type { voiceClipSchema } from '../../shared/api/voice-clips.ts';
import type { Clip } from '../../store/voice-clips.ts';

/** A clip in the form that operators see. A greeting's text is not in it: it is a name. */
export function viewClip(clip: Clip): z.input<typeof voiceClipSchema> {
  const { key, kind, language, voice, messageId, segment, text, state, error, attempts, take, credits } = clip;
  return {
    ...{ key, kind, language, voice, messageId, sentence: segment, text, error, attempts, take, credits },
    state: state === 'purged' ? 'wanted' : state,
    wantedAt: clip.wantedAt.toISOString(),
    madeAt: clip.madeAt?.toISOString() ?? null,
  };
}
