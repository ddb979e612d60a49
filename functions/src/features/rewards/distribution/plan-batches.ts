import { entriesPerBatch, isPayable, payableMicro, weiPerMicro } from '../../../domain/rewards/payout-batches.ts';
import { raiseAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { minor } from '../../../shared/money.ts';
import { insertBatch, nextBatchId, type DistributionEntry } from '../../../store/distribution-batches.ts';
import { lockNextPayees, readPayees } from '../../../store/distribution-payees.ts';
import {
  finishRun,
  lockRun,
  unapprovedMicroOfDay,
  recordPlanned,
  recordRunPlanned,
  type DistributionRun,
} from '../../../store/distributions.ts';
import { holdForBatch } from '../../../store/reward-batches.ts';
import { hashEntries, packEntries } from '../../../vendors/chain/contracts.ts';
import { lookAtChain, openChain } from './open-chain.ts';

/** What planning needs to know of the chain; read once, before any transaction. */
interface Terms {
  readonly ceilingMicro: bigint;
  readonly limit: number;
  /** Our contracts: nothing is ever sent to them. */
  readonly own: readonly string[];
  readonly fromBlock: number;
  readonly approvalAboveMicro: bigint;
}

/**
 * Plans what is left to plan of a run: batch after batch, each in a transaction of its own that also sets its tokens aside and notes how
 * far the run has looked. So a death in between loses nothing and pays nobody twice, and two workers take turns. Throws `chain.not_set_up` and
 * `vendor.unavailable`.
 */
export async function planBatches(services: Services, runId: string): Promise<void> {
  const terms = await readTerms(services);
  for (;;) {
    const goesOn = await services.db.transaction((tx) => planOne(tx, runId, terms, services.clock.now()));
    if (!goesOn) return;
  }
}

async function readTerms(services: Services): Promise<Terms> {
  const chain = await openChain(services);
  const { settings, port } = chain;
  const { entryCeilingMicro } = await port.readDistributor();
  return {
    ceilingMicro: entryCeilingMicro,
    limit: entriesPerBatch(settings.gasPerEntry),
    own: [settings.token, settings.distributor],
    // Whatever pays the batch comes after this block, which stays, unless somebody else has used its number before: checking finds that.
    fromBlock: Math.max(settings.startBlock, (await lookAtChain(chain)).safe),
    approvalAboveMicro: settings.approvalAboveMicro,
  };
}

/** Plans one batch. False when the run is planned whole. */
async function planOne(tx: Tx, runId: string, terms: Terms, now: Date): Promise<boolean> {
  const run = await lockRun(tx, runId);
  if (!run || run.plannedAt !== null || run.finishedAt !== null) return false;
  const scope = { chainId: run.chainId, now };
  const ids = await lockNextPayees(tx, scope, { after: run.plannedThrough, limit: terms.limit });
  const through = ids.at(-1);
  if (through === undefined) {
    await endPlanning(tx, run, terms, now);
    return false;
  }
  const { entries, badAddresses } = await chooseEntries(tx, scope, ids, terms);
  const totalMicro = entries.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
  if (entries.length > 0) await writeBatch(tx, run, entries, totalMicro, terms, now);
  await recordPlanned(tx, runId, { through, entries: entries.length, totalMicro, badAddresses });
  return true;
}

async function chooseEntries(
  tx: Tx,
  scope: { chainId: number; now: Date },
  ids: readonly string[],
  terms: Terms,
): Promise<{ entries: DistributionEntry[]; badAddresses: string[] }> {
  const entries: DistributionEntry[] = [];
  const badAddresses: string[] = [];
  for (const { memberId, address, freeWei, noteWei } of await readPayees(tx, scope, ids)) {
    const amountMicro = payableMicro(freeWei, terms.ceilingMicro);
    if (noteWei > 0n || amountMicro === 0n || address === null) continue;
    if (isPayable(address, terms.own)) entries.push({ memberId, address, amountMicro });
    else badAddresses.push(memberId);
  }
  return { entries, badAddresses };
}

async function writeBatch(
  tx: Tx,
  run: DistributionRun,
  entries: readonly DistributionEntry[],
  totalMicro: bigint,
  terms: Terms,
  now: Date,
): Promise<void> {
  const id = await nextBatchId(tx);
  const words = packEntries(entries);
  const { chainId, distributor } = run;
  const batch = { id, runId: run.id, chainId, distributor, totalMicro, words, entriesHash: hashEntries(words) };
  await insertBatch(tx, { ...batch, fromBlock: terms.fromBlock }, entries, now);
  const shares = entries.map(({ memberId, amountMicro }) => ({
    memberId,
    amount: minor('DOTM', amountMicro * weiPerMicro),
  }));
  await holdForBatch(tx, id, shares, now);
}

/**
 * Everybody was looked at: the run goes out, waits for an operator, or has nothing to pay. What goes out by itself counts for the whole
 * day: many small runs need a second person as one large run does.
 */
async function endPlanning(tx: Tx, run: DistributionRun, terms: Terms, now: Date): Promise<void> {
  const isEmpty = run.batches === 0;
  const others = await unapprovedMicroOfDay(tx, { chainId: run.chainId, at: run.createdAt, except: run.id });
  const approved = !isEmpty && run.totalMicro + others <= terms.approvalAboveMicro;
  await recordRunPlanned(tx, run.id, approved, now);
  if (isEmpty) return finishRun(tx, run.id, { state: 'done', note: 'nobody was to be paid' }, now);
  if (approved) return;
  const message = `Run ${run.id} pays ${run.totalMicro} micro-DOTM to ${run.recipients} members and waits for approval.`;
  await raiseAlert(tx, { kind: 'distribution_approval', subject: run.id, message }, now);
}
