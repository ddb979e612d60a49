import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlert } from '../../../src/platform/alerts.ts';
import { readAlerts } from '../../../src/store/alerts.ts';
import { api, type OperationName } from '../../../src/shared/api/index.ts';
import { roles, type Role } from '../../../src/shared/operation.ts';
import { operator, buyer, restDoor, type Buyer } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { shop } from '../../support/shopping.ts';

const operations = Object.values(api).filter((operation) => Array.isArray(operation.access));

let services: TestServices;
let ada: Buyer;
let jobId: string;
let alertId: string;

beforeAll(async () => {
  services = await shop();
  ada = await buyer(services, 'ada');
  const { rows } = await services.db.query<{ id: string }>(`select id from outbox where topic = 'mail.send' limit 1`);
  jobId = rows[0]?.id ?? '';
  await raiseAlert(services.db, { kind: 'test', subject: jobId, message: 'a test' }, services.clock.now());
  alertId = (await readAlerts(services.db, { openOnly: true, limit: 1 }))[0]?.id ?? '';
});
afterAll(() => services.stop());

/** A request that an operator who may make it gets 200 for. */
async function ask(name: OperationName, token: string | undefined): Promise<Response> {
  await services.db.query(`update outbox set state = 'dead' where id = $1`, [jobId]);
  const requests: Partial<Record<OperationName, { path: string; body?: object }>> = {
    listAlerts: { path: '/api/admin/alerts' },
    listDifferences: { path: '/api/admin/reconciliation' },
    findMember: { path: `/api/admin/members?memberId=${ada.memberId}` },
    closeAlert: { path: `/api/admin/alerts/${alertId}/close`, body: { reason: 'a test' } },
    retryJob: { path: `/api/admin/jobs/${jobId}/retry`, body: { reason: 'a test' } },
    refundOrder: {
      path: `/api/admin/orders/${ada.orderId}/refund`,
      body: { reason: 'a test', amount: { unit: 'USD', amount: '1.00' } },
    },
  };
  const request = requests[name];
  if (!request) throw new Error(`the test does not know how to ask ${name}`);
  return restDoor(services).request(request.path, {
    method: api[name].method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(request.body ? { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() } : {}),
    },
    ...(request.body ? { body: JSON.stringify(request.body) } : {}),
  });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

function mayCall(name: OperationName, role: Role): boolean {
  const { access } = api[name];
  return Array.isArray(access) && (access as readonly string[]).includes(role);
}

describe.each(operations.map((operation) => operation.name))('%s', (name) => {
  it('answers 401 to who is not signed in', async () => {
    const response = await ask(name, undefined);
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe('auth.required');
  });

  it('answers 401 to a token that nobody gave', async () => {
    expect((await ask(name, 'forged')).status).toBe(401);
  });

  it('does not exist for a member', async () => {
    const response = await ask(name, ada.token);
    expect(response.status).toBe(404);
    expect(await codeOf(response)).toBe('not_found');
  });

  it('does not exist for who claims a role that there is not', async () => {
    services.people.put({ uid: 'pretender', role: 'admin' as Role });
    expect((await ask(name, services.people.tokenOf('pretender'))).status).toBe(404);
  });

  it.each(roles)('answers %s as its declaration says', async (role) => {
    const response = await ask(name, operator(services, role));
    expect(response.status).toBe(mayCall(name, role) ? 200 : 404);
  });
});

it('nobody but the roles above changed anything', async () => {
  const { rows } = await services.db.query<{ actor: string; role: string }>(
    `select distinct actor, role from audit_log where action in ('order.refund_started', 'job.retried', 'member.looked_up')`,
  );
  for (const { actor, role } of rows) expect(actor).toBe(`op-${role}`);
  const refunds = await services.db.query('select 1 from refund where order_id = $1', [ada.orderId]);
  expect(refunds.rowCount).toBe(roles.filter((role) => mayCall('refundOrder', role)).length);
});
