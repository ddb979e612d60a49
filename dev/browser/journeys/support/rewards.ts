import { JsonRpcProvider, Wallet } from 'ethers';
import pg from 'pg';
import { DotmToken__factory, RewardDistributor__factory } from '../../../../contracts/bindings/index.ts';
import { CHAIN_ID } from '../../../chain.ts';
import { LOCAL_OPERATOR_KEY } from '../../../environment.ts';
import { testWorld } from '../../test-world.ts';
import { eventually } from './eventually.ts';

/**
 * Lets days pass for the rewards of the member with this address: what they earned lies as much further back. The clock of the functions
 * stays, because tokens of people who are signed in would run out with it.
 */
export async function letDaysPass(email: string, days: number): Promise<void> {
  await withDatabase(async (client) => {
    const { rowCount } = await client.query(
      `update reward set accrued_at = accrued_at - make_interval(days => $2), vests_at = vests_at - make_interval(days => $2)
       where member_id = (select id from member where email = $1) and state = 'pending'`,
      [email, days],
    );
    if (rowCount === 0) throw new Error(`${email} has no pending reward`);
  });
}

/**
 * Has today's statement of what is owed made anew, with whoever is owed something by now: in a test world the one of the day was made
 * before anybody was there. What guards statements against change is passed by, as only the database's owner can.
 */
export async function stateLiabilitiesAnew(): Promise<void> {
  await withDatabase(async (client) => {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    for (const table of ['reward_leaf', 'reward_node', 'reward_statement']) {
      await client.query(`delete from ${table} where date = (now() at time zone 'utc')::date`);
    }
    await client.query(`delete from outbox where topic = 'rewards.state_liabilities'`);
    await client.query('commit');
    // The sweep of the next seconds plans it again.
    await eventually('a signed statement', async () => {
      const { rowCount } = await client.query('select from reward_statement where signature is not null');
      return rowCount === 0 ? undefined : true;
    });
  });
}

async function withDatabase(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: testWorld().databaseUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The balance of DOTM that an account has on the chain of the test world, in wei, read from its node. */
export async function balanceOnChain(account: string): Promise<bigint> {
  return withChain(({ token }, provider) => DotmToken__factory.connect(token, provider).balanceOf(account));
}

/**
 * Does what somebody does who has stolen the operator's key and knows how batches are numbered: pays a stranger one token under the number that
 * the next batch will have. Gives that number.
 */
export async function useUpNextNumber(): Promise<bigint> {
  let next = 0n;
  await withDatabase(async (client) => {
    const { rows } = await client.query<{ next: string }>(
      'select last_value + case when is_called then 1 else 0 end as next from distribution_batch_id',
    );
    next = BigInt(rows[0]?.next ?? 0);
  });
  const entry = (BigInt(`0x${'77'.repeat(20)}`) << 96n) | 1_000_000n;
  await withChain(async ({ distributor }, provider) => {
    const thief = new Wallet(LOCAL_OPERATOR_KEY, provider);
    const { hash } = await RewardDistributor__factory.connect(distributor, thief).distribute(next, [entry]);
    await provider.waitForTransaction(hash);
  });
  return next;
}

async function withChain<T>(
  work: (contracts: { token: string; distributor: string }, provider: JsonRpcProvider) => Promise<T>,
): Promise<T> {
  const { urls, ports } = testWorld();
  const { token } = (await (await fetch(`${urls.api}/token`)).json()) as {
    token: { address: string; distributor: string } | null;
  };
  if (token === null) throw new Error('the test world has no chain');
  const url = `http://127.0.0.1:${String(ports.chain)}`;
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 200 });
  try {
    return await work({ token: token.address, distributor: token.distributor }, provider);
  } finally {
    provider.destroy();
  }
}
