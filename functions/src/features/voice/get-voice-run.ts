import { CodedError } from '../../shared/errors.ts';
import type { Handler } from '../../platform/operations.ts';
import { findRun, readRunParts, viewRun } from '../../store/voice-runs.ts';

/** A run with its progress by language and voice. Throws `not_found`. */
export const getVoiceRun: Handler<'getVoiceRun'> = async ({ services }, { runId }) => {
  const run = await findRun(services.db, runId);
  if (!run) throw new CodedError('not_found', `no run ${runId}`);
  return { ...viewRun(run), parts: await readRunParts(services.db, runId) };
};
