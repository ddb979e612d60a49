import { useQueryClient } from '@tanstack/react-query';
import type { Account } from '../../../../functions/src/shared/api/account.ts';
import type { Subscription } from '../../../../functions/src/shared/api/orders.ts';
import { keys } from '../../live/sources.ts';

/**
 * Puts a subscription as the server answered it where the page reads it, and fetches the account that counts the change. Until that has come
 * (await it before a button may act again) a live state from before the change can still take the answer's place for a moment.
 */
export function useSubscriptionSaver(): (subscription: Subscription) => Promise<void> {
  const cache = useQueryClient();
  return async (subscription) => {
    cache.setQueryData<Account>(keys.account, (account) =>
      account === undefined
        ? account
        : {
            ...account,
            subscriptions: account.subscriptions.map((one) => (one.id === subscription.id ? subscription : one)),
          },
    );
    await cache.refetchQueries({ queryKey: keys.account });
  };
}
