import type { Handler } from '../../platform/operations.ts';
import { listLinesOf } from '../../store/lines.ts';
import { currentMember } from '../../store/members.ts';
import { viewLines } from '../../store/views.ts';

/** Lines of the caller with what installs each eSIM. */
export const listLines: Handler<'listLines'> = async ({ services, identity }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  return { lines: await viewLines(db, await listLinesOf(db, member.id)) };
};
