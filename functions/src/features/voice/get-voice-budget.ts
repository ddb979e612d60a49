import type { Handler } from '../../platform/operations.ts';
import { listVoiceDays } from '../../store/voice-days.ts';

/** What speech cost on each of the last days, and what a day may cost. */
export const getVoiceBudget: Handler<'getVoiceBudget'> = async ({ services }) => ({
  dailyCredits: services.policy.voice.dailyCredits,
  days: await listVoiceDays(services.db, 30),
});
