import { CodedError } from '../../shared/errors.ts';
import type { VoiceMessage } from '../../shared/api/voice.ts';
import type { MemberContext } from '../../platform/operations.ts';
import { currentMember, lockMember } from '../../store/members.ts';
import { wantClips } from '../../store/voice-clips.ts';
import { touchListener } from '../../store/voice-listening.ts';
import { prepareMessage, type Asked } from '../../store/voice-views.ts';

/**
 * Gives the caller's message, and has the clips made that it needs: each once, however many members need it. Nothing is written when all
 * of it is there. With `choose`, language and voice are kept for all devices of the caller.
 */
export async function answerMessage(
  { services, identity }: Pick<MemberContext, 'services' | 'identity'>,
  asked: Asked,
  { choose }: { choose: boolean },
): Promise<VoiceMessage> {
  const { db, clock, policy } = services;
  const now = clock.now();
  const member = await currentMember(db, identity, now);
  const { message, missing, listener } = await prepareMessage(db, policy.voice, member, asked);
  const isNewChoice =
    choose && (listener.revision === 0n || listener.language !== message.language || listener.voice !== message.voice);
  if (missing.length === 0 && !isNewChoice) return message;
  const revision = await db.transaction(async (tx) => {
    // Under the member's lock, so that an erasure sees the greeting that is wanted here, or this sees the erasure.
    const { erasedAt } = await lockMember(tx, member.id);
    if (erasedAt !== null) throw new CodedError('account.erased', `member ${member.id} was erased`);
    if (missing.length > 0) await wantClips(tx, missing, { memberId: member.id, queue: true }, now);
    return touchListener(tx, member.id, choose ? message : listener, now);
  });
  return { ...message, revision: Number(revision) };
}
