import { raiseAlert, resolveAlert } from '../../../platform/alerts.ts';
import type { ChainSettings } from '../../../platform/chain-settings.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { TryLater, type JobHandler } from '../../../platform/jobs.ts';
import { addJob } from '../../../platform/outbox.ts';
import {
  addBlocks,
  compareSupply,
  findSignedBatches,
  openCursor,
  type ChainCursor,
} from '../../../store/chain-index.ts';
import type { Block, ChainPort } from '../../../vendors/chain/port.ts';
import { readSettledBlock } from '../settled-block.ts';
import { readBlocks, type ReadBlocks } from './read-blocks.ts';

/** Blocks of one transaction, as many as the chain's client asks a node for at once. */
const blocksPerStep = 2_000;

/** Steps of one run: 100,000 blocks, a fortnight of Ethereum. What is left follows in the next run, and other jobs get their turn. */
const stepsPerRun = 50;

/** How often the chain is looked at. A payout stands on the public page within so much of being settled. */
const everyMs = 3 * 60_000;

/** Plans the next look at the chain; once in each period however often it is called. Does nothing while no chain is set up. */
export async function planChainIndex({ db, clock, policy }: Services): Promise<void> {
  if (policy.chain === null) return;
  const now = clock.now();
  const key = `${policy.chain.token}:${String(Math.floor(now.getTime() / everyMs))}`;
  await db.statement((tx) => addJob(tx, { queue: 'chain', topic: 'rewards.index_chain', key, payload: {} }, now));
}

/** Works off `rewards.index_chain`: reads on, and comes back where there is more. */
export const indexChain: JobHandler = async (services, job) => {
  const { db, policy } = services;
  if (policy.chain !== null) {
    const reach = await readOn(services, policy.chain, stepsPerRun, (tx) => job.renew(tx));
    if (reach === 'more') throw new TryLater('there are more blocks to read', 1);
    if (reach === 'lost') throw new TryLater('the node lost a settled block', 30);
  }
  await db.transaction((tx) => job.finish(tx));
};

/** How far a look at the chain has come. `lost`: the node has no block any more that it must have. */
export type Reach = 'whole' | 'more' | 'lost';

/**
 * Reads the token's events from where the last run ended up to the newest settled block: who holds how much, which batches were paid.
 * One transaction for each step, with the cursor in it and `renew` called, so that a step counts once whoever did it and wherever somebody
 * died. Raises alerts for payments that we did not plan, for mints without one, for a chain that took back what was settled, and when the
 * holders do not have together what the token says exists. Throws `vendor.unavailable`.
 */
export async function readOn(
  services: Services,
  chain: ChainSettings,
  steps: number,
  renew: (tx: Tx) => Promise<unknown>,
): Promise<Reach> {
  const port = await services.chain();
  await port.checkNetwork();
  const settled = await readSettledBlock(port, chain);
  const cursor = await openCursor(services.db, chain, chain.startBlock);
  // A node that is behind the one we asked last has nothing new to say.
  if (settled === null || settled.number < cursor.nextBlock - 1) return 'whole';
  if (!(await isSameChain(port, cursor))) {
    await tellReorganised(services, chain, cursor.nextBlock - 1);
    return 'whole';
  }
  let from = cursor.nextBlock;
  for (let step = 0; from <= settled.number; step += 1) {
    if (step === steps) return 'more';
    const number = Math.min(settled.number, from + blocksPerStep - 1);
    const last = number === settled.number ? settled : await port.readBlock(number);
    if (last === null) return 'lost';
    const blocks = await readBlocks(port, from, last);
    const added = await services.db.transaction(async (tx) => {
      await renew(tx);
      return addStep(tx, chain, blocks, services.clock.now());
    });
    // Another worker reads on; the comparison is its business as well.
    if (!added) return 'whole';
    from = number + 1;
  }
  await compare(services, { port, chain, settled });
  return 'whole';
}

interface Run {
  readonly port: ChainPort;
  readonly chain: ChainSettings;
  readonly settled: Block;
}

/** The last block that was read must still be there: settled blocks do not change. */
async function isSameChain(port: ChainPort, { nextBlock, blockHash }: ChainCursor): Promise<boolean> {
  if (blockHash === null) return true;
  return (await port.readBlock(nextBlock - 1))?.hash === blockHash;
}

async function tellReorganised({ db, clock }: Services, { chainId }: ChainSettings, block: number): Promise<void> {
  const message =
    `block ${block} of chain ${chainId} was settled and is another one now. The index stands still: find out from other nodes which is right, ` +
    'then run node functions/src/ops/rebuild-chain-index.ts. Payments near that block must be looked at one by one.';
  await raiseAlert(db, { kind: 'chain_reorganised', subject: `chain ${chainId}`, message }, clock.now());
}

async function addStep(tx: Tx, chain: ChainSettings, blocks: ReadBlocks, now: Date): Promise<boolean> {
  const ids = blocks.payouts.map(({ batchId }) => batchId);
  const known =
    ids.length === 0 ? new Map<bigint, string>() : await findSignedBatches(tx, chain.chainId, chain.distributor, ids);
  const payouts = blocks.payouts.map((payout) => ({
    ...payout,
    ours: known.get(payout.batchId) === payout.entriesHash,
  }));
  if (!(await addBlocks(tx, chain, { ...blocks, payouts }))) return false;
  for (const { ours, batchId, totalMicro, blockNumber } of payouts) {
    if (ours) continue;
    const why = known.has(batchId) ? 'with other entries than we planned' : 'which we never signed';
    const message = `block ${blockNumber} pays batch ${batchId}, ${why}: ${totalMicro} micro-DOTM. Pause the distributor, then replace the operator's key.`;
    await raiseAlert(tx, { kind: 'chain_foreign_payment', subject: `batch ${batchId}`, message }, now);
  }
  for (const place of blocks.strayMints) {
    const message = `block and event ${place}: tokens were minted and no batch of the distributor accounts for them. Look at who holds MINTER_ROLE.`;
    await raiseAlert(tx, { kind: 'chain_foreign_payment', subject: `mint ${place}`, message }, now);
  }
  return true;
}

async function compare({ db, clock }: Services, { port, chain, settled }: Run): Promise<void> {
  const { supplyWei: supply, capWei: cap } = await port.readToken(settled.number);
  const now = clock.now();
  const subject = `chain ${chain.chainId}`;
  await db.transaction(async (tx) => {
    const held = await compareSupply(tx, chain, { block: settled.number, supply, cap }, now);
    if (held === null) return;
    if (held === supply) {
      await resolveAlert(tx, 'chain_supply_differs', subject, now);
      return;
    }
    const message = `at block ${settled.number} the token says that ${supply} wei exist, its events add up to ${held}. Run node functions/src/ops/rebuild-chain-index.ts; if it comes back, ask another node.`;
    await raiseAlert(tx, { kind: 'chain_supply_differs', subject, message }, now);
  });
}
