import { percentHeard, waitingMessages } from '../../domain/voice/next-message.ts';
import { kindOf } from '../../domain/voice/texts.ts';
import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { readProgress, toListened } from '../../store/voice-listening.ts';

/** What the caller has listened to, most recent first. */
export const getMessageHistory: Handler<'getMessageHistory'> = async ({ services, identity }) => {
  const member = await currentMember(services.db, identity, services.clock.now());
  const progress = await readProgress(services.db, member.id);
  return {
    messages: progress.map(({ messageId, textVersion, language, voice, segment, offsetMs, heard, ...times }) => ({
      messageId,
      kind: kindOf(messageId),
      textVersion,
      language,
      voice,
      position: { sentence: segment, offsetMs },
      heardPercent: percentHeard(language, messageId, heard),
      completedAt: times.completedAt?.toISOString() ?? null,
      firstAt: times.firstAt.toISOString(),
      updatedAt: times.updatedAt.toISOString(),
    })),
    waiting: waitingMessages(toListened(progress)).length,
  };
};
