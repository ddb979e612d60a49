import { voiceLanguages, type VoiceLanguage } from '../../domain/voice/languages.ts';
import { textsOf } from '../../domain/voice/texts.ts';
import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { addJob } from '../../platform/outbox.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import { CodedError } from '../../shared/errors.ts';
import { listRecentLanguages } from '../../store/voice-listening.ts';
import { findRun, insertRun, viewRun } from '../../store/voice-runs.ts';

/** Days in which somebody listened for a language to be recorded ahead. */
const recentDays = 30;

/** Begins a run. A worker checks the voices at the vendor, and has the clips made a few at a time. */
export const publishVoiceTexts: Handler<'publishVoiceTexts'> = async ({ services, identity, role, suffix }, input) => {
  const { db, clock } = services;
  const now = clock.now();
  const id = idFromSuffix('voiceRun', suffix);
  await db.transaction(async (tx) => {
    const since = new Date(now.getTime() - recentDays * 86_400_000);
    const languages =
      input.languages === 'all' ? voiceLanguages : firstOf(['en', 'fr', ...(await listRecentLanguages(tx, since))]);
    const textVersion = textsOf('en').version;
    const run = { id, languages: [...languages], textVersion, requestedBy: identity.uid, startedAt: now };
    if (!(await insertRun(tx, run))) return;
    await addJob(tx, { queue: 'voice', topic: 'voice.run', key: id, payload: { runId: id } }, now);
    await audit(
      tx,
      { actor: identity.uid, role, action: 'voice.published', subject: id, detail: { languages: languages.join(' ') } },
      now,
    );
  });
  const run = await findRun(db, id);
  if (!run) throw new CodedError('internal', `run ${id} was just written`);
  return viewRun(run);
};

function firstOf(languages: VoiceLanguage[]): VoiceLanguage[] {
  return [...new Set(languages)];
}
