import { Readable } from 'node:stream';
import type { Services } from '../../src/platform/container.ts';
import type { Files } from '../../src/platform/files.ts';
import { readVoiceSettings } from '../../src/platform/voice-settings.ts';
import type { VoicePort } from '../../src/vendors/voice/port.ts';

/** Says nothing, at no cost. */
const silence: VoicePort = {
  speak: () => Promise.resolve({ audio: Buffer.alloc(160), timing: null, credits: 0 }),
  findMade: () => Promise.resolve(null),
  listVoices: () => Promise.resolve([]),
};

/** Files that nobody reads. */
const nowhere: Files = {
  saveNew: () => Promise.resolve(true),
  look: () => Promise.resolve(null),
  read: () => Readable.from([]),
  remove: () => Promise.resolve(),
};

/**
 * Services of tests in which nobody listens: whoever signs up has silence recorded, because the SDK of the vendor alone takes seconds to
 * load. See voice-world.ts for those in which somebody does.
 */
export const withoutVoice: Pick<Services, 'voice' | 'files'> = {
  voice: () => Promise.resolve(silence),
  files: () => Promise.resolve(nowhere),
};

/** Voices as they are without settings, and a budget that no test uses up by accident. */
export const voiceSettings = readVoiceSettings({ voiceIds: '{}', dailyCredits: 1_000_000 });
