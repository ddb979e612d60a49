import { feesAt, raisedFees } from '../../../domain/rewards/payout-batches.ts';
import { raiseAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import {
  recordReplanned,
  storeReplacement,
  transactionsUnderWay,
  type ChainTransaction,
} from '../../../store/chain-transactions.ts';
import { lockBatch, recordConflict } from '../../../store/distribution-batches.ts';
import { sendSigned } from './broadcast-transactions.ts';
import type { ChainView, OpenChain } from './open-chain.ts';
import { settleFrom } from './settle-batches.ts';
import { signOne } from './sign-batches.ts';

/** A transaction that is in no block after so long is looked after: about seven blocks of twelve seconds. */
export const stuckSeconds = 90;

/** Nonces that a batch may lose before a person has to look: each lost one means gas for nothing, or somebody else with our key. */
const mostGenerations = 5;

/** The transactions of one batch that share a nonce, the newest first. */
type Attempts = readonly [ChainTransaction, ...ChainTransaction[]];

/**
 * Looks after what was sent and is in no block. A transaction that the node has forgotten is sent again, the same bytes; one that offers too
 * little gets a successor with the same nonce and better fees, stored before it is sent; a batch whose nonce was spent by something else, or
 * whose transaction failed, gets another nonce under the same number, so that it can't be paid twice. Run it after settling in the same
 * view. Throws `vendor.unavailable`.
 */
export async function nurseTransactions(services: Services, chain: OpenChain, view: ChainView): Promise<void> {
  const underWay = await transactionsUnderWay(services.db, chain.settings.chainId);
  for (const [sender, ofSender] of Map.groupBy(underWay, (each) => each.sender)) {
    const batches = [...Map.groupBy(ofSender, (each) => each.batchId).values()] as unknown as Attempts[];
    const latest = await chain.port.nonceOf(sender);
    const spent = view.safe < 0 ? 0 : await chain.port.nonceOf(sender, view.safe);
    for (const attempts of batches) {
      const [newest] = attempts;
      if (newest.nonce < spent) await giveUpNonce(services, chain, view, newest);
      else if (newest.nonce >= latest && isStuck(services, newest)) await push(services, chain, view, attempts, latest);
    }
    await fillGap(services, batches, latest);
  }
}

function isStuck({ clock }: Services, { sentAt }: ChainTransaction): boolean {
  return sentAt !== null && clock.now().getTime() - sentAt.getTime() > stuckSeconds * 1000;
}

/**
 * The nonce is spent in a block that stays, and settling has found no payment: either it was paid before we began to look, or not at all.
 * In the second case the batch is planned again.
 */
async function giveUpNonce(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  newest: ChainTransaction,
): Promise<void> {
  const { batchId } = newest;
  if (await chain.port.isPaid(batchId)) {
    await settleFrom(services, chain, view, chain.settings.startBlock, [batchId]);
    return;
  }
  await replan(services, newest);
}

async function replan(services: Services, of: ChainTransaction): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const batch = await lockBatch(tx, of.batchId);
    if (batch?.state !== 'signed' || batch.generation !== of.generation) return;
    if (batch.generation + 1 < mostGenerations) return recordReplanned(tx, batch.id);
    await recordConflict(tx, batch.id, of.signed?.hash ?? null);
    const message = `Batch ${batch.id} has lost ${mostGenerations} nonces without being paid. Find out why, then give back what it holds.`;
    await raiseAlert(tx, { kind: 'distribution_conflict', subject: `batch_${batch.id}`, message }, now);
  });
}

/** Sends a transaction again that waits for too long, or puts a better one in its place. */
async function push(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  attempts: Attempts,
  latest: number,
): Promise<void> {
  const [newest] = attempts;
  if (newest.signed === null) return;
  const offersEnough = newest.signed.maxFeeWei >= view.baseFeeWei + newest.signed.tipWei;
  const isForgotten = !(await chain.port.isKnown(newest.signed.hash));
  if (isForgotten && offersEnough) {
    const outcome = await sendSigned(services, chain, newest.batchId, newest.signed);
    // An earlier attempt is in its way and offers more than this one raised it by.
    if (outcome !== 'underpriced') return;
  }
  // Behind the head of the queue nothing is late by its own fault, unless gas has become dearer for all.
  if (newest.nonce !== latest && offersEnough) return;
  await replace(services, chain, view, newest, newest.signed);
}

async function replace(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  newest: ChainTransaction,
  before: NonNullable<ChainTransaction['signed']>,
): Promise<void> {
  const fees = raisedFees(before, view.baseFeeWei, chain.settings.maxFeeWei);
  if (fees === null) {
    const isDear = feesAt(view.baseFeeWei, chain.settings.maxFeeWei) === null;
    const why = isDear ? 'gas costs more than CHAIN_MAX_FEE_GWEI allows' : 'its offer for gas is at CHAIN_MAX_FEE_GWEI';
    const message = `Batch ${newest.batchId} waits in no block and ${why}. Wait, or raise the ceiling.`;
    await raiseAlert(
      services.db,
      { kind: 'distribution_stuck', subject: `batch_${newest.batchId}`, message },
      services.clock.now(),
    );
    return;
  }
  const signer = await services.rewardSigner();
  // A transaction of a key that we don't have any more can only be waited for.
  if ((await signer.address()) !== newest.sender) return;
  const signed = await signOne(services, chain, signer, newest, fees);
  const place = { chainId: chain.settings.chainId, sender: newest.sender };
  if (signed) await storeReplacement(services.db, place, newest, signed, services.clock.now());
}

/**
 * Nothing behind a nonce that nobody has can be mined. Where every batch under way waits behind such a gap, the last one is planned again
 * and gets it.
 */
async function fillGap(services: Services, batches: readonly Attempts[], latest: number): Promise<void> {
  const waiting = batches.filter(([newest]) => newest.nonce >= latest);
  const last = waiting.at(-1)?.[0];
  if (!last || waiting.some(([newest]) => newest.nonce === latest || !isStuck(services, newest))) return;
  await replan(services, last);
}
