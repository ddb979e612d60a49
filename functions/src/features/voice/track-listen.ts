import { waitingMessages } from '../../domain/voice/next-message.ts';
import { textsOf } from '../../domain/voice/texts.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Handler } from '../../platform/operations.ts';
import { currentMember, lockMember } from '../../store/members.ts';
import {
  planPosition,
  readListener,
  readProgress,
  recordReport,
  toListened,
  touchListener,
} from '../../store/voice-listening.ts';

/**
 * Keeps how far the caller has listened. What was heard stays heard, so a report may come twice, late, or from a tab that closes. Other
 * devices see a place within seconds, and at once that a message was heard.
 */
export const trackListen: Handler<'trackListen'> = async ({ services, identity }, input) => {
  const { db, clock } = services;
  const now = clock.now();
  const member = await currentMember(db, identity, now);
  const { sentence, ...heard } = input;
  // Nobody has heard a text that is not written yet.
  const textVersion = Math.min(input.textVersion, textsOf(input.language).version);
  const report = { ...heard, textVersion, segment: sentence };
  const completed = await db.transaction(async (tx) => {
    const { erasedAt } = await lockMember(tx, member.id);
    if (erasedAt !== null) throw new CodedError('account.erased', `member ${member.id} was erased`);
    const recorded = await recordReport(tx, member.id, report, now);
    if (recorded.isNew) await touchListener(tx, member.id, await readListener(tx, member), now);
    else await planPosition(tx, member, now);
    return recorded.completed;
  });
  const waiting = waitingMessages(toListened(await readProgress(db, member.id)));
  return { completed, next: waiting[0] ?? null, waiting: waiting.length };
};
