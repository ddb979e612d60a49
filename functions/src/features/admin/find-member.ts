import { audit } from '../../platform/audit.ts';
import type { Tx } from '../../platform/db.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { findMember as findMemberById, findMembersByEmail, type Member } from '../../store/members.ts';
import { listOrdersOf } from '../../store/orders.ts';
import { viewAllForOperator } from './view-for-operator.ts';

/** The newest orders; a question about an older one comes with its id. */
const orderLimit = 100;

/**
 * Finds a member by e-mail address or by id, with the newest orders. Every look is audited, also one that finds nobody; the address
 * that was asked for is not kept. Lines are not shown: what installs an eSIM is its owner's secret. Throws `request.invalid` unless
 * exactly one of the two is given.
 */
export const findMember: Handler<'findMember'> = async ({ services, identity, role }, input) => {
  const { db, clock } = services;
  const asked = readQuestion(input);
  const member = await db.transaction(async (tx) => {
    const found = await lookUp(tx, asked);
    const subject = found?.id ?? asked.memberId ?? 'nobody';
    const detail = { by: asked.memberId === undefined ? 'email' : 'id', found: found !== null };
    await audit(tx, { actor: identity.uid, role, action: 'member.looked_up', subject, detail }, clock.now());
    return found;
  });
  if (!member) return { member: null };
  const orders = await viewAllForOperator(db, await listOrdersOf(db, member.id, orderLimit));
  return { member: { memberId: member.id, createdAt: member.createdAt.toISOString(), email: member.email, orders } };
};

type Question = { email: string; memberId?: undefined } | { email?: undefined; memberId: string };

function readQuestion(input: { email?: string | undefined; memberId?: string | undefined }): Question {
  const { email, memberId } = input;
  if (email !== undefined && memberId === undefined) return { email };
  if (memberId !== undefined && email === undefined) return { memberId };
  const problem = 'give either email or memberId';
  throw new CodedError('request.invalid', `invalid input of findMember: ${problem}`, {
    fields: ['email', 'memberId'].map((field) => ({ field, problem })),
  });
}

async function lookUp(tx: Tx, asked: Question): Promise<Member | null> {
  if (asked.memberId !== undefined) return findMemberById(tx, asked.memberId);
  // An address may have moved on to a new account before the old one's token told us: the newest has it.
  return (await findMembersByEmail(tx, asked.email)).at(-1) ?? null;
}
