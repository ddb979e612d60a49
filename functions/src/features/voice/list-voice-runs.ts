import type { Handler } from '../../platform/operations.ts';
import { listRuns, viewRun } from '../../store/voice-runs.ts';

/** The last runs, newest first. */
export const listVoiceRuns: Handler<'listVoiceRuns'> = async ({ services }) => ({
  runs: (await listRuns(services.db, 50)).map(viewRun),
});
