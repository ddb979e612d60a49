import type { VoiceFailure } from '../../vendors/voice/errors.ts';

/** What an alert about the whole account is about. */
export const accountSubject = 'elevenlabs';

/** What makes the account useless until somebody mends it, by the alert that says so and how long to wait before looking again. */
export const troubles: Partial<Record<VoiceFailure, { alert: string; seconds: number; mend: string }>> = {
  key: { alert: 'voice_key', seconds: 300, mend: 'Set ELEVENLABS_API_KEY to a key that may make speech.' },
  quota: { alert: 'voice_quota', seconds: 1_800, mend: 'Raise the quota of the account, or wait for its next month.' },
  voice: {
    alert: 'voice_missing',
    seconds: 1_800,
    mend: 'Add the voice to the account, or name another in VOICE_IDS.',
  },
};
