import { resolveAlert } from '../../platform/alerts.ts';
import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { findClip, lockClip, startNextTake } from '../../store/voice-clips.ts';
import { viewClip } from './view-clip.ts';

/**
 * Has a sentence recorded again. What there is goes on being heard until the new recording is ready, which has another address. Throws
 * `not_found`, also for a greeting, whose text nobody keeps: purge it instead, and it is made anew. One that is being made already is left alone.
 */
export const recordClipAgain: Handler<'recordClipAgain'> = async ({ services, identity, role }, { key, reason }) => {
  const { db, clock } = services;
  const now = clock.now();
  await db.transaction(async (tx) => {
    const clip = await lockClip(tx, key);
    if (!clip || clip.text === null) throw new CodedError('not_found', `no sentence ${key}`);
    // It is on its way: a second recording of it would be paid for and never heard.
    if (clip.state === 'wanted' || clip.state === 'making') return;
    await startNextTake(tx, clip, clip.text, now);
    await resolveAlert(tx, 'voice_clip', key, now);
    await audit(
      tx,
      { actor: identity.uid, role, action: 'voice.recorded_again', subject: key, detail: { reason } },
      now,
    );
  });
  const clip = await findClip(db, key);
  if (!clip) throw new CodedError('internal', `clip ${key} was just there`);
  return viewClip(clip);
};
