import { raiseAlert, resolveAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import { recordSent, transactionsUnderWay, type ChainTransaction } from '../../../store/chain-transactions.ts';
import type { OpenChain } from './open-chain.ts';

/**
 * Sends what is signed and was not sent, the lowest nonce first: of a batch only the newest attempt. What the node says proves nothing, so
 * a death right after leaves it to be sent once more, which does no harm. It stops at the first that the node won't have, because those
 * behind it could not be mined. Throws `vendor.unavailable`.
 */
export async function broadcastTransactions(services: Services, chain: OpenChain): Promise<void> {
  const underWay = await transactionsUnderWay(services.db, chain.settings.chainId);
  const newest = underWay.filter((each, index) => underWay[index - 1]?.batchId !== each.batchId);
  for (const transaction of newest) {
    if (transaction.sentAt === null && !(await send(services, chain, transaction))) return;
  }
}

/** Sends one transaction. False when the node won't have it: operators are told, and it is tried again. */
async function send(
  services: Services,
  { port, settings }: OpenChain,
  { signed, batchId }: ChainTransaction,
): Promise<boolean> {
  if (signed === null) return true;
  const now = services.clock.now();
  const subject = `chain_${settings.chainId}`;
  const outcome = await port.sendRaw(signed.raw);
  if (outcome === 'no_funds' || outcome === 'refused') {
    const why =
      outcome === 'no_funds' ? 'its key has no ether left for gas' : 'the node refuses the transaction as it is';
    const message = `Batch ${batchId} and those behind it can't be sent: ${why}.`;
    await raiseAlert(services.db, { kind: 'distribution_unsendable', subject, message }, now);
    return false;
  }
  await resolveAlert(services.db, 'distribution_unsendable', subject, now);
  await recordSent(services.db, signed.hash, now);
  return true;
}
