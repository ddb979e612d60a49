import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advance } from '../../src/features/rewards/distribution/advance.ts';
import { stuckSeconds } from '../../src/features/rewards/distribution/nurse-transactions.ts';
import { startRun } from '../../src/features/rewards/distribution/start-run.ts';
import { CodedError } from '../../src/shared/errors.ts';
import { currentWallet, markUnlinked } from '../../src/store/wallets.ts';
import { chainMissing } from '../support/chain.ts';
import { mortalProcess, ProcessDied, type MortalProcess } from '../support/mortal.ts';
import { seedPayees, type SeededPayee } from '../support/payees.ts';
import { adversaryOf } from './distribution/adversary.ts';
import { expectAllPaidOnce, unknownTransactions } from './distribution/payout-books.ts';
import { payoutWorld, type PayoutWorld } from './distribution/payout-world.ts';
import { quietLog } from './quiet.ts';
import { chanceOf } from './storm/chance.ts';

const isFull = process.env['PROOF'] === 'full';
const people = isFull ? 10_000 : 400;
const peopleInBatch = isFull ? 100 : 10;
/** Rounds in which anything may happen; afterwards the chain behaves and the run has to come to its end. */
const wildRounds = isFull ? 600 : 90;
const calmRounds = isFull ? 400 : 120;
const confirmations = 3;
/** So that most transactions wait, and something can happen to them. */
const batchesInBlock = 3;
const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 2 ** 31);

/** A round asks and writes about so often; planning a run, a few times as much. */
const mostSteps = 260;

describe.skipIf(chainMissing !== null)('payment rounds on a real chain', () => {
  let world: PayoutWorld;
  const letLogThrough = quietLog();
  beforeAll(async () => {
    const gasPerEntry = Math.floor((16_777_216 - 150_000) / peopleInBatch);
    world = await payoutWorld(
      { confirmations, gasPerEntry },
      { blockGas: batchesInBlock * 16_777_216, dailyLimitDotm: '5000000' },
    );
  });
  afterAll(async () => {
    letLogThrough();
    await world.stop();
  });

  it('every member is paid once and exactly, whatever dies, gets lost, is taken back or gets in the way', async () => {
    const startedAt = Date.now();
    const { services, chain } = world;
    const chance = chanceOf(seed);
    const payees = await seedPayees(services.db, people, {
      chainId: chain.settings.chainId,
      now: services.clock.now(),
    });
    const run = await startRun(services, { key: 'campaign', requestedBy: 'schedule' });
    const adversary = adversaryOf(chain, chance, confirmations - 1);
    const deaths = new Map<string, number>();
    let rounds = 0;

    /** One worker's round. It may die at one of its steps, anywhere. */
    async function work(mayDie: boolean): Promise<string> {
      let left = mayDie && chance.next() < 0.8 ? Math.floor(chance.next() ** 2 * mostSteps) : Number.POSITIVE_INFINITY;
      const mortal = mortalProcess(services, () => left-- <= 0);
      try {
        return (await advance(mortal.begin('round'), run.id)).state;
      } catch (error) {
        if (mortal.death) {
          const step = mortal.death.step.replace(/^round: /, '').replace(/ \d+$/, '');
          deaths.set(step, (deaths.get(step) ?? 0) + 1);
          return 'died';
        }
        if (error instanceof ProcessDied || (error instanceof CodedError && error.retry)) return 'waits';
        throw error;
      }
    }
    async function round(isWild: boolean): Promise<boolean> {
      rounds += 1;
      world.pass(20 + Math.floor(chance.next() * 60));
      await (isWild ? adversary.act() : chain.mine(confirmations));
      const states = await Promise.all([work(isWild), work(isWild)]);
      return states.includes('done');
    }
    let isDone = false;
    for (let count = 0; count < wildRounds && !isDone; count += 1) isDone = await round(true);
    const doneWild = isDone;
    await adversary.calm();
    for (let count = 0; count < calmRounds && !isDone; count += 1) isDone = await round(false);

    const { rows } = await services.db.query<{ batches: bigint; signed: bigint; replaced: bigint; replanned: bigint }>(
      `select (select count(*) from distribution_batch) as batches, (select count(*) from distribution_transaction where raw is not null) as signed,
         (select count(*) from distribution_transaction where attempt > 0) as replaced,
         (select coalesce(sum(generation), 0)::bigint from distribution_batch) as replanned`,
    );
    const figures = rows[0];
    console.log(
      [
        `distribution, seed ${seed}: ${people} recipients in ${figures?.batches} batches, ${rounds} rounds of two workers, ` +
          `${((Date.now() - startedAt) / 1000).toFixed(1)} s${doneWild ? ', done before it grew calm' : ''}`,
        `transactions signed ${figures?.signed}, replaced by better fees ${figures?.replaced}, batches given another nonce ${figures?.replanned}`,
        `the chain: ${Object.entries(adversary.done)
          .map(([name, count]) => `${name} ${count}`)
          .join(', ')}; payments taken back ${adversary.paymentsTakenBack}`,
        `deaths ${[...deaths.values()].reduce((a, b) => a + b, 0)} at ${deaths.size} kinds of steps`,
        ...(isFull ? [...deaths].toSorted(([, a], [, b]) => b - a).map(([step, count]) => `  ${count} × ${step}`) : []),
      ].join('\n'),
    );
    expect(isDone, 'the run ended').toBe(true);
    await expectAllPaidOnce(services.db, chain, payees);
    expect(await unknownTransactions(services.db, chain)).toEqual([]);
  });
});

describe.skipIf(chainMissing !== null)('a worker that dies once', () => {
  let world: PayoutWorld;
  const letLogThrough = quietLog();
  beforeAll(async () => {
    world = await payoutWorld({ confirmations: 2, gasPerEntry: 8_000_000 });
  });
  afterAll(async () => {
    letLogThrough();
    await world.stop();
  });

  it('at any one step of a run changes nothing of what is paid', async () => {
    const startedAt = Date.now();
    const trace = mortalProcess(world.services);
    const played = [await playRun(world, trace, 'trace')];
    const steps = isFull ? trace.steps : chanceOf(seed).shuffle(trace.steps).slice(0, 24);
    let deaths = 0;
    for (const [index, step] of steps.entries()) {
      const mortal = mortalProcess(world.services, step);
      played.push(await playRun(world, mortal, `step${index}`));
      if (mortal.isDead) deaths += 1;
    }
    console.log(
      `distribution, one death: ${trace.steps.length} steps from plan to settlement with a wallet unlinked, a lost and a stuck transaction, died ` +
        `at ${deaths} of the ${steps.length} that were tried, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    expect(deaths).toBe(steps.length);
    const { rows } = await world.services.db.query<{ left: string }>(
      `select checks ->> 'changedWallets' as left from distribution_run where key = 'trace'`,
    );
    expect(rows, 'who unlinked was planned, and taken out again').toEqual([{ left: '1' }]);
    const stayers = played.flatMap((run) => run.stayers);
    const leavers = played.map((run) => run.leaver);
    await expectAllPaidOnce(world.services.db, world.chain, stayers, leavers);
    expect(await unknownTransactions(world.services.db, world.chain)).toEqual([]);
  });
});

/** Who was in a run that was played: three to be paid, and one who unlinked their wallet between the plan and the signature. */
interface PlayedRun {
  stayers: SeededPayee[];
  leaver: SeededPayee;
}

/**
 * Plays one run of two batches that has to wait for cheaper gas, loses a member of the first one meanwhile, and whose transactions are
 * then lost and stuck behind dear gas. The mortal worker does its rounds until it dies; another one ends what it has begun.
 */
async function playRun(world: PayoutWorld, mortal: MortalProcess, group: string): Promise<PlayedRun> {
  const { services, chain } = world;
  const { chainId } = chain.settings;
  const [first, leaver, ...others] = await seedPayees(services.db, 4, { chainId, now: services.clock.now(), group });
  if (!first || !leaver) throw new Error('nobody was made');
  const unlink = async () => {
    const wallet = await currentWallet(services.db, leaver.memberId, chainId);
    if (wallet) await services.db.transaction((tx) => markUnlinked(tx, wallet.id, 'member', services.clock.now()));
  };
  const run = await startRun(services, { key: group, requestedBy: 'schedule' });
  const setGas = async (gwei: bigint) => {
    await chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${(gwei * 10n ** 9n).toString(16)}`]);
    await chain.mine();
  };
  await setGas(100n);
  const between = [
    async () => {
      await unlink();
      await setGas(1n);
    },
    () => chain.rpc('anvil_dropAllTransactions'),
    () => setGas(20n),
    () => setGas(1n),
    () => chain.mine(3),
    () => chain.mine(3),
  ];
  for (const happen of between) {
    if (!mortal.isDead)
      await advance(mortal.begin('round'), run.id).catch((error: unknown) => refuseOther(mortal, error));
    await happen();
    world.pass(stuckSeconds + 10);
  }
  for (let rounds = 0; rounds < 20; rounds += 1) {
    if ((await advance(services, run.id)).state === 'done') return { stayers: [first, ...others], leaver };
    world.pass(stuckSeconds + 10);
    await chain.mine(2);
  }
  throw new Error(`${group} did not end`);
}

function refuseOther(mortal: MortalProcess, error: unknown): void {
  if (!mortal.isDead) throw error;
}
