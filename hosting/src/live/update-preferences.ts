import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { call } from '../api/call.ts';
import type { OperationInput } from '../api/client.ts';
import { currentSession } from '../auth/session.ts';
import { keys } from './sources.ts';

/**
 * Tells the account of a choice that this device has made already (language, currency). A visitor has no account to tell,
 * and a failure loses nothing: the account page shows what the account has and repairs it.
 */
export function useTellAccount(): (change: OperationInput<'updateAccount'>) => void {
  const queries = useQueryClient();
  return useCallback(
    (change) => {
      if (currentSession().status !== 'signed-in') return;
      call('updateAccount', change).then(
        (account) => queries.setQueryData(keys.account, account),
        () => undefined,
      );
    },
    [queries],
  );
}
