import { useQueryClient } from '@tanstack/react-query';
import type { Wallet } from '../../../../functions/src/shared/api/wallets.ts';
import type { OperationOutput } from '../../api/client.ts';
import { keys } from '../../live/sources.ts';

/** Puts the wallet as the server answered it where the page reads it, until the live view brings the same. */
export function useWalletSaver(): (wallet: Wallet | null) => void {
  const cache = useQueryClient();
  return (wallet) => {
    cache.setQueryData<OperationOutput<'getRewards'>>(keys.rewards, (rewards) => rewards && { ...rewards, wallet });
  };
}
