import { voiceLanguages } from '../../domain/voice/languages.ts';
import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { listOutdated, purgeClips } from '../../store/voice-clips.ts';
import { bodyClips } from './body-clips.ts';

/** As many as one transaction takes; who has more to purge calls again. */
const atOnce = 500;

/** Deletes clips: their recordings go, and what is still wanted is recorded anew when somebody asks for it. */
export const purgeVoiceClips: Handler<'purgeVoiceClips'> = async ({ services, identity, role }, input) => {
  const { db, clock, policy } = services;
  const now = clock.now();
  const said = input.outdated ? bodyClips(policy.voice, voiceLanguages).map(({ key }) => key) : [];
  const outdated = input.outdated ? await listOutdated(db, said, atOnce) : [];
  const keys = [...new Set([...(input.keys ?? []), ...outdated])];
  const purged = await db.transaction(async (tx) => {
    const count = await purgeClips(tx, keys, now);
    const detail = { reason: input.reason, clips: count, outdated: input.outdated ?? false };
    await audit(tx, { actor: identity.uid, role, action: 'voice.purged', subject: 'voice', detail }, now);
    return count;
  });
  return { purged };
};
