import { makePosting } from '../../../src/domain/ledger/posting.ts';
import { rewardIssuance, rewardsPending, rewardsReserved, rewardsVested } from '../../../src/domain/ledger/accounts.ts';
import { newId } from '../../../src/platform/ids.ts';
import { planStatement } from '../../../src/features/rewards/proof/state-liabilities.ts';
import type { OwedParts } from '../../../src/shared/proofs/leaf.ts';
import { NodeError, type AskNode } from '../../../src/shared/proofs/check-chain.ts';
import { minor } from '../../../src/shared/money.ts';
import { post } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import { drain, type TestServices } from '../../support/services.ts';

/** One DOTM in wei. */
export const dotm = 10n ** 18n;

const statementTopic = { 'rewards.state_liabilities': topics['rewards.state_liabilities'] };

/** Makes a member of whom nothing is known but what is owed to them. */
export async function owedMember(t: TestServices, parts: Partial<OwedParts>): Promise<string> {
  const now = t.clock.now();
  const memberId = newId('member', now);
  await t.db.query('insert into member (id, uid_hash, created_at) values ($1, $1, $2)', [memberId, now]);
  await owe(t, memberId, parts);
  return memberId;
}

/** Promises tokens to a member, wherever they came from. */
export async function owe(t: TestServices, memberId: string, parts: Partial<OwedParts>): Promise<void> {
  const { pending = 0n, vested = 0n, reserved = 0n } = parts;
  const leg = (account: string, amount: bigint) => ({ account, unit: 'DOTM' as const, amount: minor('DOTM', amount) });
  const posting = makePosting({
    key: `${memberId}/test/${crypto.randomUUID()}`,
    template: 'rewardAccrued',
    eventAt: t.clock.now(),
    legs: [
      leg(rewardIssuance, -(pending + vested + reserved)),
      leg(rewardsPending(memberId), pending),
      leg(rewardsVested(memberId), vested),
      leg(rewardsReserved(memberId), reserved),
    ],
    meta: { memberId },
  });
  await t.db.transaction((tx) => post(tx, posting));
}

/** The job of today's statement, planned if it was not. */
export async function statementJob(t: TestServices): Promise<string> {
  await planStatement(t);
  const { rows } = await t.db.query<{ id: string }>(
    `select id from outbox where topic = 'rewards.state_liabilities' and dedupe_key = $1`,
    [t.clock.now().toISOString().slice(0, 10)],
  );
  const [row] = rows;
  if (!row) throw new Error('no statement was planned');
  return row.id;
}

/** Makes today's statement, as the sweep and the worker would; over what stands in the way for so many seconds. */
export async function makeStatement(t: TestServices, forSeconds = 0): Promise<void> {
  await planStatement(t);
  await drain(t, statementTopic, { forSeconds });
}

/** Asks the node of a test's chain as the verifier does, over HTTP. */
export function nodeAt(rpcUrl: string): AskNode {
  return async (method, params) => {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (answer.error) throw new NodeError(answer.error.message);
    return answer.result;
  };
}
