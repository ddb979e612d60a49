import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlert } from '../../../src/platform/alerts.ts';
import { api, type OperationName } from '../../../src/shared/api/index.ts';
import type { ErrorBody } from '../../../src/shared/errors.ts';
import { roles, type Operation, type Role } from '../../../src/shared/operation.ts';
import { readAlerts } from '../../../src/store/alerts.ts';
import { operator, restDoor } from '../../support/operators.ts';
import { chargesOf, need, settle, shop, shopper, type Shop, type Shopper } from '../../support/shopping.ts';

type Caller = 'anonymous' | 'forged' | 'owner of the data' | 'other member' | Role;
const callers: readonly Caller[] = ['anonymous', 'forged', 'owner of the data', 'other member', ...roles];

/** Ids of what belongs to one member; the table asks for them as everybody. */
interface Belongings {
  orderId: string;
  lineId: string;
  jobId: string;
  alertId: string;
  memberId: string;
}

/** For each operation a good input. A new operation has to be added here: the compiler asks for it. */
const inputs: Record<OperationName, (of: Belongings) => Record<string, unknown>> = {
  cancelOrder: ({ orderId }) => ({ orderId }),
  closeAlert: ({ alertId }) => ({ alertId, reason: 'tried by a test' }),
  confirmInstallation: ({ lineId }) => ({ lineId }),
  deleteAccount: () => ({ confirm: 'DELETE' }),
  exportAccount: () => ({}),
  findMember: ({ memberId }) => ({ memberId }),
  getAccount: () => ({}),
  getCatalog: () => ({}),
  getLine: ({ lineId }) => ({ lineId }),
  getOrder: ({ orderId }) => ({ orderId }),
  getRewards: () => ({}),
  listAlerts: () => ({}),
  listDifferences: () => ({}),
  listLines: () => ({}),
  listOrders: () => ({}),
  openBillingPortal: () => ({}),
  refundOrder: ({ orderId }) => ({ orderId, reason: 'tried by a test' }),
  resendEsimMail: ({ lineId }) => ({ lineId }),
  retryJob: ({ jobId }) => ({ jobId, reason: 'tried by a test' }),
  startCheckout: () => ({ items: [{ productId: 'global_data_10gb' }], currency: 'USD' }),
  updateAccount: () => ({ displayName: 'Somebody' }),
};

/** What is allowed and yet can't be done (again): cancelling what was paid, refunding twice, reviving a job that lives. */
const mayConflict: readonly OperationName[] = ['cancelOrder', 'refundOrder', 'retryJob'];

/** What changes what other cells of the table ask for comes late, and what takes the callers themselves away comes last. */
const late: readonly OperationName[] = ['refundOrder', 'deleteAccount'];
const names = (Object.keys(api) as OperationName[]).toSorted((a, b) => late.indexOf(a) - late.indexOf(b));

/** What the declaration promises to a caller: 200, or how it is refused. */
function promised(operation: Operation, caller: Caller): 200 | 401 | 404 {
  if (caller === 'forged') return 401;
  if (operation.access === 'public') return 200;
  if (caller === 'anonymous') return 401;
  if (typeof operation.access !== 'string') return operation.access.some((role) => role === caller) ? 200 : 404;
  const asksForBelongings = ['orderId', 'lineId'].some((field) => field in operation.input.shape);
  return asksForBelongings && caller !== 'owner of the data' ? 404 : 200;
}

const table = names.flatMap((name) => callers.map((caller) => [name, caller, promised(api[name], caller)] as const));

describe('every operation as everybody', () => {
  let t: Shop;
  let door: Hono;
  let ada: Shopper;
  let of: Belongings;
  const tokens = new Map<Caller, string>([['forged', 'forged']]);
  beforeAll(async () => {
    t = await shop();
    door = restDoor(t);
    ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    const bob = shopper(t, 'bob');
    tokens.set('owner of the data', ada.token);
    tokens.set('other member', bob.token);
    for (const role of roles) tokens.set(role, operator(t, role));
    for (const token of [...tokens.values()].slice(1)) {
      await door.request('/api/account', { headers: { authorization: `Bearer ${token}` } });
    }
    await settle(t, 60);
    of = {
      orderId,
      lineId: need((await ada.order(orderId)).lineId),
      memberId: await ada.memberId(),
      jobId: await deadJob(),
      alertId: await openAlert(),
    };
  });
  afterAll(() => t.stop());

  async function deadJob(): Promise<string> {
    const { rows } = await t.db.query<{ id: string }>(
      `update outbox set state = 'dead' where id = (select id from outbox where topic = 'mail.send' order by id limit 1) returning id`,
    );
    return need(rows[0]).id;
  }

  async function openAlert(): Promise<string> {
    await raiseAlert(t.db, { kind: 'tried', subject: 'access', message: 'tried by a test' }, t.clock.now());
    const alerts = await readAlerts(t.db, { openOnly: true, limit: 100 });
    return need(alerts.find((alert) => alert.kind === 'tried')).id;
  }

  async function ask(name: OperationName, caller: Caller, with_: Belongings = of) {
    const operation: Operation = api[name];
    const input = inputs[name](with_);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => String(input[field]));
    const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !operation.path.includes(`{${field}}`)));
    const isGet = operation.method === 'GET';
    const query = new URLSearchParams(isGet ? (rest as Record<string, string>) : {}).toString();
    const token = tokens.get(caller);
    const response = await door.request(`/api${path}${query === '' ? '' : `?${query}`}`, {
      method: operation.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(isGet ? {} : { 'content-type': 'application/json' }),
        ...(operation.idempotent ? { 'idempotency-key': `key-${name}-${caller.replaceAll(' ', '-')}` } : {}),
      },
      ...(isGet ? {} : { body: JSON.stringify(rest) }),
    });
    return { status: response.status, body: (await response.json()) as object };
  }

  it.each(table)('%s as %s is answered %i', async (name, caller, status) => {
    const before = status === 200 ? null : await snapshot();
    const answer = await ask(name, caller);
    const allowed = status === 200 && mayConflict.includes(name) ? [200, 409] : [status];
    expect(allowed, JSON.stringify(answer.body)).toContain(answer.status);
    if (answer.status === 200) expect(api[name].output.safeParse(answer.body).success).toBe(true);
    // Who is refused has changed nothing and learnt nothing.
    if (before === null) return;
    expect(await snapshot()).toEqual(before);
    const { error } = answer.body as ErrorBody;
    expect(error.code).toBe(status === 401 ? 'auth.required' : 'not_found');
    const told = JSON.stringify(error).replaceAll(of.orderId, '').replaceAll(of.lineId, '');
    for (const secret of [ada.email, of.memberId, 'LPA:']) expect(told).not.toContain(secret);
  });

  /** What a call that is refused must leave as it was. */
  async function snapshot(): Promise<unknown> {
    const { rows } = await t.db.query(
      `select (select count(*) from orders) as orders, (select count(*) from refund) as refunds, (select count(*) from outbox) as jobs,
         (select count(*) from audit_log) as audits, (select state from orders where id = $1) as state,
         (select state from line where id = $2) as line, (select state from outbox where id = $3) as job,
         (select count(*) from idempotency where response is not null) as answers`,
      [of.orderId, of.lineId, of.jobId],
    );
    return rows[0];
  }

  it('gave the money of the order back once, however many roles asked for it', async () => {
    await settle(t, 60);
    expect((await t.stripe.list('refunds')).length).toBe(1);
    expect((await chargesOf(t, ada).catch(() => [])).every(({ refunded, amount }) => refunded <= amount)).toBe(true);
  });
});
