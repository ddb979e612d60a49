import { createHash } from 'node:crypto';
import type { Queryable } from '../../src/platform/db.ts';

/** A member with vested tokens and a wallet, as a test made them. */
export interface SeededPayee {
  readonly memberId: string;
  readonly address: string;
  readonly wei: bigint;
}

/** How payees are to be made. */
export interface PayeeSeed {
  readonly chainId: number;
  readonly now: Date;
  /** Tells groups of one test apart. */
  readonly group?: string;
  /** What the member at `index` has in each of their rewards, in wei. Two rewards unless told. */
  readonly weiOf?: (index: number) => readonly bigint[];
}

const perPosting = 250;

/** An address that nobody holds, always the same for a name. */
export function addressOf(name: string): string {
  return `0x${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

/**
 * Makes members with a delivered order, vested rewards and a wallet that is usable now, and the postings that belong to them, without the way
 * through checkout: thousands take a second. Members' ids sort in the order of their index. The database must hold the starting catalogue.
 */
export async function seedPayees(db: Queryable, count: number, seed: PayeeSeed): Promise<SeededPayee[]> {
  const group = seed.group ?? 'payee';
  const weiOf = seed.weiOf ?? ((index) => [BigInt(index + 1) * 10n ** 15n, 10n ** 18n + 123n]);
  const made: SeededPayee[] = [];
  for (let from = 0; from < count; from += perPosting) {
    const some = Array.from({ length: Math.min(perPosting, count - from) }, (_, offset) => {
      const index = from + offset;
      const name = `${group}_${String(index).padStart(6, '0')}`;
      const parts = weiOf(index);
      return { name, memberId: `mem_${name}`, address: addressOf(name), parts, wei: parts.reduce((a, b) => a + b, 0n) };
    });
    await insertPeople(db, seed, some);
    await insertRewards(db, seed, some);
    made.push(...some.map(({ memberId, address, wei }) => ({ memberId, address, wei })));
  }
  await db.query('analyze member, wallet, reward, ledger.accounts');
  return made;
}

interface Person {
  name: string;
  memberId: string;
  address: string;
  parts: readonly bigint[];
  wei: bigint;
}

async function insertPeople(db: Queryable, { now, chainId }: PayeeSeed, people: readonly Person[]): Promise<void> {
  const names = people.map(({ name }) => name);
  await db.query(
    `insert into member (id, uid, uid_hash, email, email_verified, created_at)
     select 'mem_' || name, name, name, name || '@example.test', true, $2 from unnest($1::text[]) as person (name)`,
    [names, now],
  );
  await db.query(
    `insert into orders (id, member_id, state, mode, currency, total_minor, catalog_version, settled, created_at, expires_at, state_changed_at)
     select 'ord_' || name, 'mem_' || name, 'active', 'payment', 'USD', 1000, 1, true, $2, $2, $2 from unnest($1::text[]) as person (name)`,
    [names, now],
  );
  await db.query(
    `insert into wallet (id, member_id, chain_id, address, kind, message, signature, linked_at, usable_from)
     select 'wlt_' || name, 'mem_' || name, $3, address, 'account', 'message', '0x00', $4, $4
     from unnest($1::text[], $2::text[]) as person (name, address)`,
    [names, people.map(({ address }) => address), chainId, now],
  );
}

async function insertRewards(db: Queryable, { now }: PayeeSeed, people: readonly Person[]): Promise<void> {
  const rewards = people.flatMap(({ name, parts }) =>
    parts.map((wei, position) => ({ id: `rwd_${name}_${position}`, name, position, wei: String(wei) })),
  );
  await db.query(
    `insert into reward (id, order_id, position, member_id, state, kind, currency, paid_minor, basis_points, earned_wei, amount_wei, rate,
       accrued_at, vests_at, vested_at)
     select id, 'ord_' || name, position, 'mem_' || name, 'vested', 'purchase', 'USD', 1000, 1033, wei, wei, '1', $5, $5, $5
     from unnest($1::text[], $2::text[], $3::integer[], $4::numeric[]) as made (id, name, position, wei)`,
    [
      rewards.map(({ id }) => id),
      rewards.map(({ name }) => name),
      rewards.map(({ position }) => position),
      rewards.map(({ wei }) => wei),
      now,
    ],
  );
  const legs = people
    .map(({ memberId, wei }) => ({ account: `member/${memberId}/rewards_vested/DOTM`, wei }))
    .concat([{ account: 'platform/reward_issuance/DOTM', wei: -people.reduce((sum, { wei }) => sum + wei, 0n) }])
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
  await db.query('select ledger.post($1, $2, $3, $4, $5, $6)', [
    `seed_${people[0]?.name ?? ''}/rewardVested`,
    'rewardVested',
    now,
    legs.map(({ account }) => account),
    legs.map(() => 'DOTM/18'),
    legs.map(({ wei }) => String(wei)),
  ]);
}
