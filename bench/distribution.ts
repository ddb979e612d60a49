/**
 * How fast does a run pay, and for how much gas? Pays the same members twice (the second time they are holders already) on an Ethereum and a
 * PostgreSQL of its own, from planning to the settled books, mining whenever something waits. Beside it, in the same run: one mint for each
 * recipient, sent without any books, and the least that storage, log and calldata cost:
 *
 *   npm run bench -- distribution [recipients] [recipients of the single mints]
 *
 * The chain answers at once and mines for nothing: recipients per second say what our part costs, not how fast Ethereum is.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseUnits, Wallet } from 'ethers';
import { DotmToken__factory } from '../contracts/bindings/index.ts';
import { startingCatalog } from '../functions/src/domain/catalog/starting-catalog.ts';
import { advance } from '../functions/src/features/rewards/distribution/advance.ts';
import type { Services } from '../functions/src/platform/container.ts';
import type { Policy } from '../functions/src/platform/config.ts';
import { openDb } from '../functions/src/platform/db.ts';
import { publishCatalog } from '../functions/src/store/catalog.ts';
import { verifyLedger } from '../functions/src/store/ledger.ts';
import { packEntries } from '../functions/src/vendors/chain/contracts.ts';
import { anvilKeys, startTestChain, type TestChain } from '../functions/test/support/chain.ts';
import { addressOf, seedPayees } from '../functions/test/support/payees.ts';
import { planRun } from '../functions/test/support/plan-run.ts';
import { withDatabase } from './support/database.ts';

const recipients = Number(process.argv[2] ?? 5_000);
const singles = Number(process.argv[3] ?? 500);

/** Gas of storage, log and calldata alone, for each of 200 recipients: docs/adr/0016-token.md. */
const floor = { new: 24_475, existing: 7_375 };

/** What one round came to, for each recipient. */
interface Figures {
  readonly perSecond: number;
  readonly gas: number;
}

function servicesOn(chain: TestChain, databaseUrl: string): Services {
  const nobody = () => Promise.reject(new Error('a run calls no other vendor'));
  const policy: Pick<Policy, 'chain'> = { chain: chain.settings };
  return {
    ...chain.services,
    clock: { now: () => new Date() },
    db: openDb({ connectionString: databaseUrl, max: 4, onCommitted: () => Promise.resolve() }),
    // The rest of the policy is none of its business.
    policy: policy as Policy,
    payments: nobody,
    carrier: nobody,
    mail: nobody,
    documents: nobody,
    users: nobody,
  } as unknown as Services;
}

async function measureRun(services: Services, chain: TestChain, key: string): Promise<Figures> {
  const startedAt = performance.now();
  const { id: runId } = await planRun(services, key);
  while ((await advance(services, runId)).state === 'sending') await chain.mine();
  const seconds = (performance.now() - startedAt) / 1000;
  const { rows } = await services.db.query<{ tx_hash: string; entries: number }>(
    'select tx_hash, entries from distribution_batch where run_id = $1',
    [runId],
  );
  const receipts = await Promise.all(rows.map(({ tx_hash }) => chain.port.receiptOf(tx_hash)));
  const gas = receipts.reduce((sum, receipt) => sum + Number(receipt?.gasUsed ?? 0n), 0);
  const paid = rows.reduce((sum, { entries }) => sum + entries, 0);
  if (paid !== recipients) throw new Error(`${String(paid)} were paid, not ${String(recipients)}`);
  return { perSecond: paid / seconds, gas: gas / paid };
}

/** A token of its own, whose minter pays one recipient with each transaction. */
async function measureSingles(chain: TestChain): Promise<Record<'new' | 'existing', Figures>> {
  const minter = new Wallet(anvilKeys.deployer, chain.provider);
  await chain.rpc('evm_setAutomine', [true]);
  const token = await new DotmToken__factory(minter).deploy(minter.address, 0, minter.address);
  await token.waitForDeployment();
  await chain.rpc('evm_setAutomine', [false]);
  const to = await token.getAddress();

  async function payAll(): Promise<Figures> {
    const startedAt = performance.now();
    let nonce = await chain.port.nonceOf(minter.address);
    const hashes: string[] = [];
    for (let index = 0; index < singles; index += 1) {
      const words = packEntries([{ address: addressOf(`single${String(index)}`), amountMicro: 1_000_000n }]);
      const raw = await minter.signTransaction({
        ...{ type: 2, chainId: chain.settings.chainId, nonce: nonce++, to, gasLimit: 150_000n },
        data: token.interface.encodeFunctionData('mintBatch', [[BigInt(words)]]),
        ...{ maxFeePerGas: parseUnits('90', 'gwei'), maxPriorityFeePerGas: parseUnits('1', 'gwei') },
      });
      hashes.push(await chain.rpc<string>('eth_sendRawTransaction', [raw]));
    }
    while ((await chain.port.nonceOf(minter.address)) < nonce) await chain.mine();
    const receipts = await Promise.all(hashes.map((hash) => chain.port.receiptOf(hash)));
    const seconds = (performance.now() - startedAt) / 1000;
    const gas = receipts.reduce((sum, receipt) => sum + Number(receipt?.gasUsed ?? 0n), 0);
    return { perSecond: singles / seconds, gas: gas / singles };
  }
  return { new: await payAll(), existing: await payAll() };
}

function line(name: string, { perSecond, gas }: Figures, single: Figures, least: number): string {
  const parts = [
    `${perSecond.toFixed(0)} recipients/s (${(perSecond / single.perSecond).toFixed(1)} x one mint each, which keeps no books)`,
    `${gas.toFixed(0)} gas each: ${(gas / least).toFixed(3)} x the floor, ${(gas / single.gas).toFixed(3)} x one mint each`,
  ];
  return `${name.padEnd(17)} ${parts.join('; ')}`;
}

await withDatabase(async (url) => {
  const chain = await startTestChain({ dailyLimitDotm: '5000000', blockGas: 200_000_000 });
  const services = servicesOn(chain, url);
  try {
    await services.db.transaction((tx) => publishCatalog(tx, 1, startingCatalog, new Date('2026-01-01T00:00:00Z')));
    const { chainId } = chain.settings;
    await seedPayees(services.db, recipients, {
      chainId,
      now: new Date(),
      weiOf: () => [5n * 10n ** 18n, 7n * 10n ** 17n],
    });
    const single = await measureSingles(chain);
    const first = await measureRun(services, chain, 'first');
    await makeFreeAgain(services);
    const second = await measureRun(services, chain, 'second');
    const problems = await verifyLedger(services.db);
    if (problems.length > 0) throw new Error(`the books are wrong: ${JSON.stringify(problems.slice(0, 3))}`);
    console.log(
      `${String(recipients)} recipients, ${String(availableParallelism())} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
    );
    console.log(
      `one mint each     ${single.new.perSecond.toFixed(0)} recipients/s; ${single.new.gas.toFixed(0)} / ${single.existing.gas.toFixed(0)} gas`,
    );
    console.log(line('new holders', first, single.new, floor.new));
    console.log(line('existing holders', second, single.existing, floor.existing));
  } finally {
    await services.db.end();
    await chain.stop();
  }
});

/** The same members earn the same once more: their rewards come again as new rows, with the posting. */
async function makeFreeAgain({ db }: Services): Promise<void> {
  await db.query(
    `insert into reward (id, order_id, position, member_id, state, kind, currency, paid_minor, basis_points, earned_wei, amount_wei, rate,
       accrued_at, vests_at, vested_at)
     select id || '_again', order_id, position + 10, member_id, state, kind, currency, paid_minor, basis_points, earned_wei, amount_wei, rate,
       accrued_at, vests_at, vested_at from reward`,
  );
  const { rows } = await db.query<{ member_id: string; wei: bigint }>(
    `select member_id, sum(free_wei)::numeric(38, 0) as wei from reward where free_wei > 0 group by member_id order by member_id`,
  );
  for (let from = 0; from < rows.length; from += 250) {
    const some = rows.slice(from, from + 250);
    const codes = [
      ...some.map(({ member_id }) => `member/${member_id}/rewards_vested/DOTM`),
      'platform/reward_issuance/DOTM',
    ];
    const amounts = [...some.map(({ wei }) => wei), -some.reduce((sum, { wei }) => sum + wei, 0n)].map(String);
    await db.query(`select ledger.post($1, 'rewardVested', now(), $2, $3, $4)`, [
      `again${String(from)}/rewardVested`,
      codes,
      codes.map(() => 'DOTM/18'),
      amounts,
    ]);
  }
}
