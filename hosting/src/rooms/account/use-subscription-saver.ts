import { useQueryClient } from '@tanstack/react-query';
import type { Account } from '../../../../functions/src/shared/api/account.ts';
import type { Subscription } from '../../../../functions/src/shared/api/orders.ts';
import { keys } from '../../live/sources.ts';

/** Puts a subscription as the server answered it where the page reads it, until the live view brings the same. */
export function useSubscriptionSaver(): (subscription: Subscription) => void {
  const cache = useQueryClient();
  return (subscription) => {
    cache.setQueryData<Account>(keys.account, (account) =>
      account === undefined
        ? account
        : {
            ...account,
            subscriptions: account.subscriptions.map((one) => (one.id === subscription.id ? subscription : one)),
          },
    );
  };
}
