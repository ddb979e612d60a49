import { afterEach } from 'vitest';
import { advance } from '../../../src/features/rewards/distribution/advance.ts';
import type { ChainSettings } from '../../../src/platform/chain-settings.ts';
import type { Services } from '../../../src/platform/container.ts';
import { batchesOfRun } from '../../../src/store/distribution-batches.ts';
import { startTestChain, type TestChain, type TestChainOptions } from '../../support/chain.ts';
import { seedPayees, type SeededPayee } from '../../support/payees.ts';
import { planRun } from '../../support/plan-run.ts';
import { testServices, type TestServices } from '../../support/services.ts';

export const micro = 10n ** 12n;
export const dotm = 10n ** 18n;

/** A world whose rewards are paid on a chain of its own; both end with the test. */
export type World = TestServices & { chainNode: TestChain };
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    await world.stop();
    await world.chainNode.stop();
  }
});

/** Starts a world. `change` is for the settings of the platform, `options` for the chain. */
export async function payingWorld(change: Partial<ChainSettings> = {}, options: TestChainOptions = {}): Promise<World> {
  const chainNode = await startTestChain(options);
  const t = await testServices({ seeded: true, policy: { chain: { ...chainNode.settings, ...change } } });
  const world = Object.assign(t, chainNode.services, { chainNode });
  worlds.push(world);
  return world;
}

/** Members who have `dotmEach` whole tokens each. */
export function payeesOf(t: World, count: number, dotmEach = 2n): Promise<SeededPayee[]> {
  const { chainId } = t.chainNode.settings;
  return seedPayees(t.db, count, { chainId, now: t.clock.now(), weiOf: () => [dotmEach * dotm] });
}

/** Plans a run and gives its id. */
export async function planned(t: Services): Promise<string> {
  return (await planRun(t, 'today')).id;
}

/** States of the batches of a run, in their order. */
export async function statesOf(t: Services, runId: string): Promise<string[]> {
  return (await batchesOfRun(t.db, runId)).map(({ state }) => state);
}

/** Kind and message of each open alert. */
export async function openAlerts(t: Services): Promise<string[]> {
  const { rows } = await t.db.query<{ line: string }>(
    `select kind || ': ' || message as line from alert where resolved_at is null order by id`,
  );
  return rows.map(({ line }) => line);
}

/** How many nonces were given out. */
export async function signedCount(t: Services): Promise<bigint> {
  const { rows } = await t.db.query<{ signed: bigint }>('select count(*) as signed from distribution_transaction');
  return rows[0]?.signed ?? 0n;
}

/** Rounds until the run rests, with a block before each. */
export async function untilRested(t: World, runId: string): Promise<string> {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const { state } = await advance(t, runId);
    if (state !== 'sending') return state;
    await t.chainNode.mine();
  }
  return 'sending';
}
