import { rewardAccrued, rewardVested } from '../../src/domain/ledger/templates.ts';
import { newId } from '../../src/platform/ids.ts';
import { fromDecimal, minor } from '../../src/shared/money.ts';
import { post } from '../../src/store/ledger.ts';
import { touchMember } from '../../src/store/members.ts';
import { insertReward } from '../../src/store/rewards.ts';
import { freeOf } from '../../src/store/reward-uses.ts';
import type { TestServices } from './services.ts';
import type { Shopper } from './shopping.ts';

/** Items of an order have low positions. */
let position = 1000;

/**
 * Has somebody earn so many DOTM with an order of theirs, a new one unless it is named, vested and free to use at once. Refunding that
 * order takes them back. Gives the order's id.
 */
export async function earnTokens(
  services: TestServices,
  who: Shopper,
  tokens: string,
  earlier?: string,
): Promise<string> {
  const orderId = (earlier ?? (await who.buy('esim_starter'))) as `ord_${string}`;
  const memberId = (await who.memberId()) as `mem_${string}`;
  const now = services.clock.now();
  const amount = fromDecimal('DOTM', tokens);
  const id = newId('reward', now);
  position += 1;
  await services.db.transaction(async (tx) => {
    await insertReward(tx, {
      id,
      kind: 'purchase',
      orderId,
      position,
      memberId,
      currency: 'USD',
      paid: minor('USD', 100n),
      basisPoints: 1033,
      rate: '1',
      earned: amount,
      amount,
      accruedAt: now,
      vestsAt: now,
    });
    await post(tx, rewardAccrued({ rewardId: id, orderId, memberId, amount, at: now }));
    await tx.query(`update reward set state = 'vested', vested_at = $2 where id = $1`, [id, now]);
    await post(tx, rewardVested({ rewardId: id, memberId, amount, at: now }));
    await touchMember(tx, memberId, now);
  });
  return orderId;
}

/** What somebody has free, in wei, by the rewards and by the ledger, which must say the same. */
export async function freeTokens(services: TestServices, who: Shopper): Promise<bigint> {
  const memberId = await who.memberId();
  const free = await freeOf(services.db, memberId);
  const { vested } = await tokenAccounts(services, who);
  if (vested !== free) throw new Error(`${memberId} has ${free} wei free and ${vested} wei vested in the ledger`);
  return free;
}

/** Orders whose credit is not what is held, spent and given back for them: there must be none, at any time. */
export async function miscreditedOrders(services: TestServices): Promise<object[]> {
  const { rows } = await services.db.query<object>(
    `select o.id, o.state, o.credit_wei, o.credit_returned_wei, o.credit_minor, used.* from orders o,
       lateral (select coalesce(sum(amount_wei), 0) as wei, coalesce(sum(returned_wei), 0) as returned,
           coalesce(bool_or(state = 'held'), false) as held
         from reward_use u where u.order_id = o.id and u.kind = 'credit') as used,
       lateral (select coalesce(sum(credit_minor), 0) as minor from order_item i where i.order_id = o.id) as items
     where used.wei <> o.credit_wei or used.returned <> o.credit_returned_wei or items.minor <> o.credit_minor
       or used.held <> (o.state = 'created' and o.paid_at is null and o.credit_wei > 0)
       or (o.state in ('expired', 'refunded') and used.returned <> used.wei)`,
  );
  return rows;
}

/** What the ledger holds for somebody in wei, by state. */
export async function tokenAccounts(
  services: TestServices,
  who: Shopper,
): Promise<Record<'pending' | 'vested' | 'reserved' | 'note', bigint>> {
  const memberId = await who.memberId();
  const { rows } = await services.db.query<{ name: string; balance: bigint }>(
    `select split_part(code, '/', 3) as name, ledger.balance(code)::numeric(38, 0) as balance
     from ledger.accounts where code like 'member/' || $1 || '/%/DOTM'`,
    [memberId],
  );
  const of = (name: string) => rows.find((row) => row.name === name)?.balance ?? 0n;
  return {
    pending: of('rewards_pending'),
    vested: of('rewards_vested'),
    reserved: of('rewards_reserved'),
    note: of('reward_set_off'),
  };
}
