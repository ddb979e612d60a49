import { microToMoney } from '../../../domain/rewards/payout-batches.ts';
import type { Handler } from '../../../platform/operations.ts';
import { toMoney } from '../../../shared/money.ts';
import { findCursor, listPayouts } from '../../../store/chain-index.ts';
import { findStatement } from '../../../store/reward-proofs.ts';

/** Enough for a page; all of them are on the chain. */
const payoutsShown = 50;

/** The token as the chain has it, and the newest statement of what is owed. Asks no node: it shows what was read last, and says when. */
export const getToken: Handler<'getToken'> = async ({ services }) => {
  const { db, policy } = services;
  const { chain } = policy;
  if (chain === null) return { token: null };
  const [cursor, payouts, statement] = await Promise.all([
    findCursor(db, chain),
    listPayouts(db, chain, payoutsShown),
    findStatement(db, null),
  ]);
  const isRead = cursor?.cap != null && cursor.blockAt !== null;
  return {
    token: {
      chainId: chain.chainId,
      address: chain.token,
      distributor: chain.distributor,
      explorerUrl: chain.explorerUrl === '' ? null : chain.explorerUrl,
      reading: isRead
        ? {
            blockNumber: cursor.nextBlock - 1,
            readAt: (cursor.blockAt ?? new Date(0)).toISOString(),
            supply: toMoney('DOTM', cursor.minted),
            cap: toMoney('DOTM', cursor.cap ?? 0n),
            holders: cursor.holders,
            payouts: payouts.map((payout) => ({
              batchId: String(payout.batchId),
              paidAt: payout.blockAt.toISOString(),
              members: payout.entries,
              amount: microToMoney(payout.totalMicro),
              blockNumber: payout.blockNumber,
              transactionHash: payout.txHash,
              planned: payout.ours,
            })),
          }
        : null,
      statement,
    },
  };
};
