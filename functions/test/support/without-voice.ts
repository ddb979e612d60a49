import type { Services } from '../../src/platform/container.ts';
import { readVoiceSettings } from '../../src/platform/voice-settings.ts';

/** Services of tests in which nobody speaks: the SDK of the vendor alone takes seconds to load. See voice-world.ts for those in which somebody does. */
export const withoutVoice: Pick<Services, 'voice' | 'files'> = {
  voice: () => Promise.reject(new Error('this test has no voice')),
  files: () => Promise.reject(new Error('this test has no files')),
};

/** Voices as they are without settings, and a budget that no test uses up by accident. */
export const voiceSettings = readVoiceSettings({ voiceIds: '{}', dailyCredits: 1_000_000 });
