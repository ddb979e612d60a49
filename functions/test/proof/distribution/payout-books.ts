import { expect } from 'vitest';
import { weiPerMicro } from '../../../src/domain/rewards/payout-batches.ts';
import type { Queryable } from '../../../src/platform/db.ts';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { batchPaidTopics, readBatchPaid } from '../../../src/vendors/chain/contracts.ts';
import type { SeededPayee } from '../../support/payees.ts';
import type { TestChain } from '../../support/chain.ts';

/** Questions to the chain at the same time. */
const atOnce = 50;

/**
 * Holds chain, ledger and rows against what each member had: all of it paid, once, and nothing left behind. Members who unlinked their wallet in
 * time (`leavers`) have got nothing and still have everything.
 */
export async function expectAllPaidOnce(
  db: Queryable,
  chain: TestChain,
  stayers: readonly SeededPayee[],
  leavers: readonly SeededPayee[] = [],
): Promise<void> {
  const payees = [...stayers, ...leavers];
  const due = new Map(stayers.map(({ memberId, wei }) => [memberId, (wei / weiPerMicro) * weiPerMicro]));
  for (const { memberId } of leavers) due.set(memberId, 0n);
  const total = [...due.values()].reduce((sum, wei) => sum + wei, 0n);

  expect(await wrongOnChain(chain, payees, due), 'balances on chain').toEqual([]);
  expect((await chain.port.readToken()).supplyWei, 'supply').toBe(total);
  await expectEventsMatch(db, chain);

  const { rows: ledger } = await db.query<{ code: string; balance: bigint }>(
    `select code, balance from ledger.accounts where code like 'member/%/rewards\\_vested/DOTM' or code like 'member/%/rewards\\_reserved/DOTM'`,
  );
  const balances = new Map(ledger.map(({ code, balance }) => [code, balance]));
  const wrong = payees.filter(({ memberId, wei }) => {
    const vested = balances.get(`member/${memberId}/rewards_vested/DOTM`);
    const reserved = balances.get(`member/${memberId}/rewards_reserved/DOTM`);
    return vested !== wei - (due.get(memberId) ?? 0n) || (reserved ?? 0n) !== 0n;
  });
  expect(wrong, 'balances in the ledger').toEqual([]);
  expect(await balanceOf(db, 'platform/rewards_paid/DOTM'), 'paid in the ledger').toBe(total);
  expect(await verifyLedger(db)).toEqual([]);

  const { rows: uses } = await db.query<{ member_id: string; wei: bigint }>(
    `select member_id, sum(amount_wei - returned_wei)::numeric(38, 0) as wei from reward_use where state = 'final' group by member_id`,
  );
  expect(
    uses.filter(({ member_id, wei }) => wei !== due.get(member_id)),
    'uses',
  ).toEqual([]);
  expect(uses.filter(({ wei }) => wei > 0n)).toHaveLength(stayers.length);
  const { rows: left } = await db.query<{ left: string }>(
    `select 'use ' || id as left from reward_use where state <> 'final'
     union all select 'batch ' || id || ' ' || state from distribution_batch where state <> 'confirmed'
     union all select 'run ' || id || ' ' || state from distribution_run where state <> 'done'
     union all select 'used of ' || r.id from reward r where r.used_wei <>
       (select coalesce(sum(u.amount_wei - u.returned_wei), 0) from reward_use u where u.reward_id = r.id)`,
  );
  expect(left, 'left behind').toEqual([]);
  const { rows: mails } = await db.query<{ mails: bigint }>(
    `select count(*) as mails from mail where kind = 'rewards_paid'`,
  );
  expect(mails[0]?.mails, 'mails').toBe(BigInt(stayers.length));
}

async function wrongOnChain(
  chain: TestChain,
  payees: readonly SeededPayee[],
  due: ReadonlyMap<string, bigint>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (let from = 0; from < payees.length; from += atOnce) {
    const some = payees.slice(from, from + atOnce);
    const held = await Promise.all(some.map(({ address }) => chain.balanceOf(address)));
    some.forEach(({ memberId }, index) => {
      if (held[index] !== due.get(memberId)) wrong.push(`${memberId} has ${held[index]}, not ${due.get(memberId)}`);
    });
  }
  return wrong;
}

/** Each batch of ours has one payment on the chain, with its hash and where its row says; and there is no other. */
async function expectEventsMatch(db: Queryable, chain: TestChain): Promise<void> {
  const head = await chain.port.readBlock('latest');
  const logs = await chain.port.logsOf({
    address: chain.settings.distributor,
    topics: batchPaidTopics(),
    fromBlock: 0,
    toBlock: head?.number ?? 0,
  });
  const onChain = logs.map(
    (log) => `${readBatchPaid(log)?.batchId} ${log.topics[2]} ${log.transactionHash} ${log.blockHash}`,
  );
  const { rows } = await db.query<{ line: string }>(
    `select id || ' ' || entries_hash || ' ' || tx_hash || ' ' || block_hash as line from distribution_batch`,
  );
  expect(onChain.toSorted()).toEqual(rows.map(({ line }) => line).toSorted());
}

/**
 * Everything that our key has ever sent to the distributor and that is in a block was stored by us first. `addresses` are blocks from the
 * launch to the head.
 */
export async function unknownTransactions(db: Queryable, chain: TestChain): Promise<string[]> {
  const { rows } = await db.query<{ hash: string }>('select hash from distribution_transaction where hash is not null');
  const known = new Set(rows.map(({ hash }) => hash));
  const sender = await chain.signer.address();
  const head = (await chain.port.readBlock('latest'))?.number ?? 0;
  const unknown: string[] = [];
  for (let number = chain.settings.startBlock + 1; number <= head; number += 1) {
    const block = await chain.rpc<{ transactions: { hash: string; from: string; to: string }[] }>(
      'eth_getBlockByNumber',
      [`0x${number.toString(16)}`, true],
    );
    for (const { hash, from, to } of block.transactions) {
      if (from === sender && to === chain.settings.distributor && !known.has(hash)) unknown.push(hash);
    }
  }
  return unknown;
}
