import { raiseAlert, resolveAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import { recordSent, transactionsUnderWay, type SignedTransaction } from '../../../store/chain-transactions.ts';
import type { SendOutcome } from '../../../vendors/chain/port.ts';
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
    if (transaction.sentAt !== null || transaction.signed === null) continue;
    const outcome = await sendSigned(services, chain, transaction.batchId, transaction.signed);
    if (wontHave(outcome)) return;
  }
}

function wontHave(outcome: SendOutcome): outcome is 'no_funds' | 'refused' {
  return outcome === 'no_funds' || outcome === 'refused';
}

/** Sends one transaction and notes it. When the node won't have it, operators are told, and it counts as not sent. */
export async function sendSigned(
  services: Services,
  { port, settings }: OpenChain,
  batchId: bigint,
  signed: SignedTransaction,
): Promise<SendOutcome> {
  const now = services.clock.now();
  const subject = `chain_${settings.chainId}`;
  const outcome = await port.sendRaw(signed.raw);
  if (wontHave(outcome)) {
    const why =
      outcome === 'no_funds' ? 'its key has no ether left for gas' : 'the node refuses the transaction as it is';
    const message = `Batch ${batchId} and those behind it can't be sent: ${why}.`;
    await raiseAlert(services.db, { kind: 'distribution_unsendable', subject, message }, now);
    return outcome;
  }
  await resolveAlert(services.db, 'distribution_unsendable', subject, now);
  await recordSent(services.db, signed.hash, now);
  return outcome;
}
