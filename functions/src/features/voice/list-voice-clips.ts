import type { Handler } from '../../platform/operations.ts';
import { listClips } from '../../store/voice-clips.ts';
import { viewClip } from './view-clip.ts';

/** Clips in a state, the latest first. */
export const listVoiceClips: Handler<'listVoiceClips'> = async ({ services }, { state, language, voice }) => {
  const filter = { state, language: language ?? null, voice: voice ?? null, limit: 200 };
  return { clips: (await listClips(services.db, filter)).map(viewClip) };
};
