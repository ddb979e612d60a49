import { z } from 'zod';
import { accountSchema } from '../../../functions/src/shared/api/account.ts';
import type { Account } from '../../../functions/src/shared/api/account.ts';
import { getCatalog } from '../../../functions/src/shared/api/catalog.ts';
import { lineSchema, orderSchema } from '../../../functions/src/shared/api/orders.ts';
import type { Line, Order } from '../../../functions/src/shared/api/orders.ts';
import { getRewards, listRewardMovements, rewardExplanationSchema } from '../../../functions/src/shared/api/rewards.ts';
import type { Reward, RewardExplanation } from '../../../functions/src/shared/api/rewards.ts';
import { call } from '../api/call.ts';
import type { OperationOutput } from '../api/client.ts';
import { useSession } from '../auth/session.ts';
import { newerOrder, newerOrders, newerRevision, orderIsMoving } from './order-of-states.ts';
import { useLive } from './use-live.ts';
import type { Live } from './use-live.ts';

/** The first page of orders: as many as the server sends at a time. */
const ordersShown = 20;

/** Query keys by subject, so that a deed can put its answer where the pages read it. */
export const keys = {
  catalog: ['catalog'],
  account: ['account'],
  orders: ['orders'],
  order: (id: string) => ['order', id],
  lines: ['lines'],
  line: (id: string) => ['line', id],
  rewards: ['rewards'],
  reward: (id: string) => ['reward', id],
  rewardMovements: ['reward-movements'],
} as const;

function useUid(): string | null {
  const session = useSession();
  return session.status === 'signed-in' ? session.user.uid : null;
}

/** The published catalogue. Visitors read it by REST: they need not download Firestore to see prices. */
export function useCatalog(): Live<OperationOutput<'getCatalog'>> {
  const uid = useUid();
  return useLive({
    key: keys.catalog,
    target: uid === null ? null : { document: 'public/catalog' },
    schema: getCatalog.output,
    fetch: (signal) => call('getCatalog', {}, { signal }),
  });
}

function isBeingSetUp(account: Account): boolean {
  return account.provisioning.some((step) => !step.done);
}

/** The signed-in member. Asking also makes the server finish any set-up step that an event lost. */
export function useAccount(): Live<Account> {
  const uid = useUid();
  return useLive(
    {
      key: keys.account,
      target: uid === null ? null : { document: `members/${uid}` },
      schema: accountSchema,
      fetch: (signal) => call('getAccount', {}, { signal }),
      moving: isBeingSetUp,
      newer: newerRevision,
    },
    uid !== null,
  );
}

/** The newest orders of the member. */
export function useOrders(): Live<Order[]> {
  const uid = useUid();
  return useLive(
    {
      key: keys.orders,
      target: uid === null ? null : { collection: `members/${uid}/orders`, newest: ordersShown },
      schema: z.array(orderSchema),
      fetch: async (signal) => (await call('listOrders', {}, { signal })).orders,
      moving: (orders) => orders.some((order) => order.state !== 'created' && orderIsMoving(order)),
      newer: newerOrders,
    },
    uid !== null,
  );
}

/** One order with its timeline. */
export function useOrder(orderId: Order['id']): Live<Order> {
  const uid = useUid();
  return useLive(
    {
      key: keys.order(orderId),
      target: uid === null ? null : { document: `members/${uid}/orders/${orderId}` },
      schema: orderSchema,
      fetch: (signal) => call('getOrder', { orderId }, { signal }),
      moving: orderIsMoving,
      newer: newerOrder,
    },
    uid !== null,
  );
}

function lineIsMoving(line: Line): boolean {
  return line.state === 'provisioning' || line.phoneNumber === null;
}

/** All lines of the member. */
export function useLines(): Live<Line[]> {
  const uid = useUid();
  return useLive(
    {
      key: keys.lines,
      target: uid === null ? null : { collection: `members/${uid}/lines`, newest: 50 },
      schema: z.array(lineSchema),
      fetch: async (signal) => (await call('listLines', {}, { signal })).lines,
      moving: (lines) => lines.some(lineIsMoving),
      keptFor: uid,
    },
    uid !== null,
  );
}

/** One line with what installs its eSIM. */
export function useLine(lineId: Line['id']): Live<Line> {
  const uid = useUid();
  return useLive(
    {
      key: keys.line(lineId),
      target: uid === null ? null : { document: `members/${uid}/lines/${lineId}` },
      schema: lineSchema,
      fetch: (signal) => call('getLine', { lineId }, { signal }),
      moving: lineIsMoving,
      keptFor: uid,
    },
    uid !== null,
  );
}

/** The DOTM of the member. */
export function useRewards(): Live<OperationOutput<'getRewards'>> {
  const uid = useUid();
  return useLive(
    {
      key: keys.rewards,
      target: uid === null ? null : { document: `members/${uid}/rewards/summary` },
      schema: getRewards.output,
      fetch: (signal) => call('getRewards', {}, { signal }),
      keptFor: uid,
    },
    uid !== null,
  );
}

/** Everything behind one reward of the member. */
export function useRewardExplanation(rewardId: Reward['id']): Live<RewardExplanation> {
  return useLive({
    key: keys.reward(rewardId),
    target: null,
    schema: rewardExplanationSchema,
    fetch: (signal) => call('explainReward', { rewardId }, { signal }),
  });
}

/** The newest page of what has moved the member's tokens. */
export function useRewardMovements(): Live<OperationOutput<'listRewardMovements'>> {
  const uid = useUid();
  return useLive(
    {
      key: keys.rewardMovements,
      target: null,
      schema: listRewardMovements.output,
      fetch: (signal) => call('listRewardMovements', {}, { signal }),
      keptFor: uid,
    },
    uid !== null,
  );
}
