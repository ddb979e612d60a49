import type { Services } from '../../platform/container.ts';
import { log } from '../../platform/log.ts';
import { getMember } from '../../store/members.ts';
import { readListener } from '../../store/voice-listening.ts';
import { prepareMessage } from '../../store/voice-views.ts';

/**
 * Writes the message that a member hears next, with their place in it, to `members/{uid}/voice/current`: apart from everything else of
 * theirs, because it changes while they listen. Its number is read before the rest, as in `writeMember`. A member who never asked for a message has none.
 */
export async function writeVoice(services: Services, memberId: string): Promise<void> {
  const { db, policy } = services;
  const member = await getMember(db, memberId);
  if (member.uid === null) return log.projectionSkipped(memberId, 'erased');
  const { revision } = await readListener(db, member);
  if (revision === 0n) return;
  const { message } = await prepareMessage(db, policy.voice, member, {});
  const documents = await services.documents();
  const path = `members/${member.uid}/voice/current`;
  await documents.replaceTree({ path, data: { ...message } }, [], [], revision);
  // Erased while this was being written: the erasure may have cleared the tree before our write.
  const { erasedAt } = await getMember(db, memberId);
  if (erasedAt !== null) await documents.deleteTree(`members/${member.uid}`);
}
