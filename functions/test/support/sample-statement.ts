import { randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import type { Services } from '../../src/platform/container.ts';
import type { Hex } from '../../src/shared/proofs/bytes.ts';
import { makeTree } from '../../src/shared/proofs/make-proof.ts';
import { statementDomain, statementTypes, statementValues } from '../../src/shared/proofs/typed-data.ts';
import { findDraft, keepCount, keepReading, publishStatement, toStatement } from '../../src/store/reward-proofs.ts';

const dayMs = 86_400_000;

/**
 * Publishes a statement in which only `memberId` is owed something, without a chain, of today or the first day after it that has none.
 * Returns the day.
 */
export async function publishSampleStatement(services: Services, memberId: string): Promise<string> {
  const { db, clock } = services;
  let takenAt = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  while (await findDraft(db, dayOf(takenAt))) takenAt = new Date(takenAt.getTime() + dayMs);
  const date = dayOf(takenAt);
  const tree = makeTree([{ memberId, salt: randomBytes(32), pending: 5n, vested: 0n, reserved: 0n }]);
  const of = { date, takenAt, chainId: 31_337, token: fill('a', 40), distributor: fill('b', 40) };
  const reading = { block: { number: 1, hash: fill('c', 64) }, supply: 0n, cap: 100n };
  const wallet = Wallet.createRandom();
  await db.transaction(async (tx) => {
    await keepCount(tx, of, tree, []);
    await keepReading(tx, date, reading);
  });
  const draft = await findDraft(db, date);
  if (!draft) throw new Error('the statement was not kept');
  const statement = toStatement(draft, reading);
  const signed = await wallet.signTypedData(statementDomain(statement), statementTypes, statementValues(statement));
  const signature = { signer: wallet.address.toLowerCase() as Hex, value: signed as Hex };
  await db.transaction((tx) => publishStatement(tx, date, signature, takenAt));
  return date;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function fill(digit: string, digits: number): Hex {
  return `0x${digit.repeat(digits)}`;
}
