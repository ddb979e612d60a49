import { feesAt, gasLimitOf, type Fees } from '../../../domain/rewards/payout-batches.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import {
  knownNextNonce,
  lockSigner,
  noncesUnderWay,
  recordNonce,
  recordReplanned,
  storeFirstSigned,
  unsignedNonces,
  type ChainTransaction,
  type SignedTransaction,
  type SignerPlace,
} from '../../../store/chain-transactions.ts';
import { findBatch, lockBatch, nextPlanned, type DistributionBatch } from '../../../store/distribution-batches.ts';
import { lockRun, type DistributionRun } from '../../../store/distributions.ts';
import { distributeCall, hashOfRaw } from '../../../vendors/chain/contracts.ts';
import { CallReverted, type Call, type ChainPort } from '../../../vendors/chain/port.ts';
import type { ChainSigner } from '../../../vendors/chain/signer.ts';
import { checkBatch } from './check-run.ts';
import { leaveOutChanged } from './leave-out-changed.ts';
import type { ChainView, OpenChain } from './open-chain.ts';

/** Most batches that are under way at once. More waiting transactions of one sender are dropped by many nodes. */
export const mostUnderWay = 16;

/**
 * Signs the planned batches of a run, as many as may be under way. A batch gets its nonce in one transaction, is signed outside of any, and
 * its bytes are stored before they are sent. A death in between leaves a nonce without bytes, which the next round signs again: two
 * signatures for one nonce never meet, because only one is stored and only what is stored is sent. Throws `vendor.unavailable`.
 */
export async function signBatches(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  run: DistributionRun,
): Promise<void> {
  const signer = await services.rewardSigner();
  await finishUnsigned(services, chain, view, signer);
  if (run.state !== 'sending') return;
  const place = { chainId: chain.settings.chainId, sender: await signer.address() };
  while ((await noncesUnderWay(services.db, place)).length < mostUnderWay) {
    const batch = await nextPlanned(services.db, run.id);
    if (!batch) return;
    if (!(await checkBatch(services, chain, view, run, batch))) return;
    if (await leaveOutChanged(services, batch)) continue;
    if (!(await takeNonce(services, chain, place, batch))) return;
    await finishUnsigned(services, chain, view, signer);
  }
}

/** Gives a planned batch its nonce. False when it may not have one any more, or too many are under way. */
async function takeNonce(
  services: Services,
  { port }: OpenChain,
  place: SignerPlace,
  batch: DistributionBatch,
): Promise<boolean> {
  // Read in this order: when nobody has moved our own number since, the chain's is not older than it.
  const known = await knownNextNonce(services.db, place);
  const onChain = await port.nonceOf(place.sender);
  return services.db.transaction(async (tx) => {
    const next = await lockSigner(tx, place, onChain);
    const run = await lockRun(tx, batch.runId);
    const now = await lockBatch(tx, batch.id);
    if (run?.state !== 'sending' || now?.state !== 'planned' || now.generation !== batch.generation) return false;
    if (now.entriesHash !== batch.entriesHash) return false;
    const taken = await noncesUnderWay(tx, place);
    if (taken.length >= mostUnderWay) return false;
    const nonce = next === (known ?? onChain) ? firstFree(onChain, taken) : Math.max(next, onChain);
    await recordNonce(tx, place, batch, nonce, Math.max(nonce, ...taken) + 1, services.clock.now());
    return true;
  });
}

/**
 * The first nonce that the chain has not seen and no batch has: it follows the others, fills a gap that one of them has left, and comes back
 * to the chain's when our own number ran ahead of it.
 */
function firstFree(onChain: number, taken: readonly number[]): number {
  let nonce = onChain;
  while (taken.includes(nonce)) nonce += 1;
  return nonce;
}

/** Signs for every nonce that has no bytes yet, also those that a death or another worker has left. */
async function finishUnsigned(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  signer: ChainSigner,
): Promise<void> {
  const fees = feesAt(view.baseFeeWei, chain.settings.maxFeeWei);
  if (fees === null) return;
  const address = await signer.address();
  for (const open of await unsignedNonces(services.db, chain.settings.chainId)) {
    if (open.sender !== address) {
      // The key was changed, and nobody has seen anything that the old one signed for this nonce: the batch gets another.
      await services.db.transaction((tx) => replan(tx, open));
      continue;
    }
    const signed = await signOne(services, chain, signer, open, fees);
    if (signed) await storeFirstSigned(services.db, open, signed);
  }
}

async function replan(tx: Tx, open: ChainTransaction): Promise<void> {
  const batch = await lockBatch(tx, open.batchId);
  if (batch?.state === 'signed' && batch.generation === open.generation) await recordReplanned(tx, batch.id);
}

/**
 * Signs the payment of a batch with the nonce that it has. Null when the batch is gone. Nothing is stored or sent. The node is asked each
 * time what gas it takes: a worker that finishes what another began, and a successor with better fees, must not run out of it.
 */
export async function signOne(
  services: Services,
  { settings, port }: OpenChain,
  signer: ChainSigner,
  of: Pick<ChainTransaction, 'batchId' | 'nonce'>,
  fees: Fees,
): Promise<SignedTransaction | null> {
  const batch = await findBatch(services.db, of.batchId);
  if (!batch) return null;
  const { chainId, gasPerEntry } = settings;
  const call = { to: batch.distributor, data: distributeCall(batch.id, batch.words) };
  const estimate = await estimateOrNothing(port, { ...call, from: await signer.address() });
  const gasLimit = gasLimitOf(batch.entries, gasPerEntry, estimate);
  const raw = await signer.signTransaction({ chainId, nonce: of.nonce, ...call, gasLimit, ...fees });
  return { hash: hashOfRaw(raw), raw, ...fees };
}

/** Where the contract refuses for now (paused, paid a moment ago) there is nothing to count: the nonce must get its bytes all the same. */
async function estimateOrNothing(port: ChainPort, call: Call): Promise<bigint> {
  try {
    return await port.estimateGas(call);
  } catch (error) {
    if (error instanceof CallReverted) return 0n;
    throw error;
  }
}
