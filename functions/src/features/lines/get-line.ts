import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Queryable } from '../../platform/db.ts';
import type { Line as LineView } from '../../shared/api/orders.ts';
import { getOwnLine } from '../../store/lines.ts';
import { currentMember } from '../../store/members.ts';
import { viewLines } from '../../store/views.ts';

/** One line of the caller; somebody else's answers as one that does not exist. */
export const getLine: Handler<'getLine'> = async ({ services, identity }, { lineId }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  return viewOwnLine(db, lineId, member.id);
};

/** A line of `memberId` as its owner sees it. Throws `not_found`. */
export async function viewOwnLine(db: Queryable, lineId: string, memberId: string): Promise<LineView> {
  const [view] = await viewLines(db, [await getOwnLine(db, lineId, memberId)]);
  if (!view) throw new CodedError('not_found', `no line ${lineId}`);
  return view;
}
