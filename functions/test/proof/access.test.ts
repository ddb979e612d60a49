import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, type OperationName } from '../../src/shared/api/index.ts';
import { errorTable, type ErrorBody } from '../../src/shared/errors.ts';
import type { Operation, Role } from '../../src/shared/operation.ts';
import { deployed as declared, namesWith } from '../manifest/deployed.ts';
import { goodInputs, type Belongings } from '../support/good-inputs.ts';
import { chargesOf, settle, type Shopper } from '../support/shopping.ts';
import { ask, doors, type Answer, type Door } from './gates/ask.ts';
import { fingerprint } from './gates/fingerprint.ts';
import { identities, promised, type Identity, type People } from './gates/identities.ts';
import { belongingsOf, memberOf, operatorsOf, startWorld, type World } from './gates/world.ts';

/**
 * What is allowed and yet can't be done, or not again: cancelling what was paid, refunding twice, reviving a job that lives, changing a plan
 * that is to end.
 */
const mayConflict: readonly OperationName[] = [
  'approveDistribution',
  'cancelOrder',
  'cancelWalletChange',
  'changePlan',
  'previewPlanChange',
  'publishCatalog',
  'refundOrder',
  'rejectDistribution',
  'retryJob',
];

/** What changes what other rows ask for comes late, and what takes the callers themselves away comes last. */
const late: readonly OperationName[] = ['refundOrder', 'deleteAccount'];
const operations = Object.values(api).toSorted((a, b) => late.indexOf(a.name) - late.indexOf(b.name));

/** The callers at one door and what is asked for there: doors don't get into each other's way. */
interface Stage {
  people: People;
  owner: Shopper;
  of: Belongings;
}

const rows = doors.flatMap((door) => operations.map((operation) => [door, operation.name] as const));
let cells = 0;

describe('every operation at both doors as everybody', () => {
  let world: World;
  const stages = new Map<Door, Stage>();
  beforeAll(async () => {
    world = await startWorld();
    for (const door of doors) stages.set(door, await stage(door));
  });
  afterAll(async () => {
    console.log(
      `access: ${String(cells)} cells tried, ${String(identities.length)} identities, ${String(rows.length)} rows`,
    );
    await world.stop();
  });

  async function stage(door: Door): Promise<Stage> {
    const { google } = world.deployed;
    const owner = await memberOf(world, `owner-${door}`);
    const other = await memberOf(world, `other-${door}`);
    const unverified = await memberOf(world, `unverified-${door}`);
    const disabled = await memberOf(world, `disabled-${door}`);
    google.put({ uid: owner.uid, validSince: Math.floor(Date.now() / 1000) - 1000 });
    google.put({ uid: unverified.uid, emailVerified: false });
    google.put({ uid: disabled.uid, disabled: true });
    const people: People = {
      owner: owner.uid,
      other: other.uid,
      unverified: unverified.uid,
      disabled: disabled.uid,
      operators: operatorsOf(world, door),
    };
    // Everybody is seen once before the table: an account is set up at first sight, also an operator's.
    for (const uid of [other.uid, unverified.uid, owner.uid, ...Object.values(people.operators)])
      await firstSeen(door, uid);
    await settle(world.t, 60);
    return { people, owner, of: await belongingsOf(world, owner) };
  }

  function askAs(door: Door, operation: Operation, identity: Identity): Promise<Answer> {
    const { people, of } = stageOf(door);
    const headers = identity.headers(world.deployed.google, people);
    const key = `key-${door}-${operation.name}-${String(identities.indexOf(identity))}`;
    cells += 1;
    return ask(world.deployed, door, operation, goodInputs[operation.name as OperationName](of), { headers, key });
  }

  function stageOf(door: Door): Stage {
    const found = stages.get(door);
    if (!found) throw new Error(`the ${door} door has no stage`);
    return found;
  }

  it.each(rows)(
    'at the %s door %s does for each caller what its declaration says, and nothing more',
    async (door, name) => {
      const operation: Operation = api[name];
      const { owner, of } = stageOf(door);
      const refused = identities.filter((identity) => promised(operation, identity) !== 'output');
      const served = identities.filter((identity) => promised(operation, identity) === 'output');
      // An account is set up when it is first seen, also for an operator who then finds nothing: that is no leak and no change.
      for (const role of Object.values(stageOf(door).people.operators)) await firstSeen(door, role);
      const before = await fingerprint(world.t.db, ['rate_limit', 'idempotency']);
      for (const identity of refused) {
        const { status, error, text } = await askAs(door, operation, identity);
        const code = promised(operation, identity) as keyof typeof errorTable;
        expect({ caller: identity.name, status, code: error?.code }, text).toEqual({
          caller: identity.name,
          status: errorTable[code].status,
          code,
        });
        const told = text.replaceAll(of.orderId, '').replaceAll(of.lineId, '');
        for (const secret of [owner.email, of.memberId, 'LPA:']) expect(told, identity.name).not.toContain(secret);
      }
      expect(await fingerprint(world.t.db, ['rate_limit', 'idempotency'])).toEqual(before);
      for (const identity of served) {
        const { status, output, text } = await askAs(door, operation, identity);
        const allowed = mayConflict.includes(name) ? [200, 409] : [200];
        // Something of the answer is still being made.
        if (door === 'rest' && operation.pending) allowed.push(202);
        // A callable's conflict is told as a failed precondition, which the protocol maps to 400.
        if (door === 'callable' && mayConflict.includes(name)) allowed.push(400);
        expect(allowed, `${identity.name}: ${text}`).toContain(status);
        if (status === 200) expect(operation.output.safeParse(output).success, `${identity.name}: ${text}`).toBe(true);
      }
    },
  );

  async function firstSeen(door: Door, uid: string): Promise<void> {
    const { google } = world.deployed;
    const headers = {
      authorization: `Bearer ${google.token(google.claimsOf(uid))}`,
      'x-firebase-appcheck': google.token(google.appClaims()),
    };
    await ask(world.deployed, door, api.getAccount, {}, { headers, key: 'key-of-none' });
  }

  /** What is deployed and is no operation: how it answers to each caller. A new function has to be added here, or the test fails. */
  const others: Record<string, (headers: Record<string, string>) => Promise<void>> = {
    async api(headers) {
      const document = await fetch(`${world.deployed.urlOf('api')}/api/openapi.json`, { headers });
      expect(document.status).toBe(200);
      for (const path of ['/api/nothing', '/', '/api/../admin', '/api/admin']) {
        const nothing = await fetch(`${world.deployed.urlOf('api')}${path}`, { headers });
        expect(nothing.status, path).toBe(404);
        await nothing.text();
      }
      await document.text();
    },
    async stripeWebhook(headers) {
      // Who somebody is means nothing here: only the vendor's signature counts.
      const body = JSON.stringify({
        id: 'evt_of_nobody',
        type: 'charge.refunded',
        created: 1,
        data: { object: { id: 'x' } },
      });
      const answer = await fetch(world.deployed.urlOf('stripeWebhook'), {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as ErrorBody).error.code).toBe('webhook.signature_invalid');
    },
    async voiceAudio(headers) {
      const url = `${world.deployed.urlOf('voiceAudio')}/api/welcome-audio`;
      for (const id of ['f'.repeat(64), `${'f'.repeat(64)}.1`, 'x', '..%2f..%2fsecret', '']) {
        const nothing = await fetch(`${url}/${id}`, { headers });
        expect(nothing.status, id).toBe(404);
        expect(((await nothing.json()) as ErrorBody).error.code).toBe('not_found');
      }
      const changed = await fetch(`${url}/${'f'.repeat(64)}`, { method: 'DELETE', headers });
      expect(changed.status).toBe(405);
      await changed.text();
    },
    ...Object.fromEntries(namesWith('tasks').map((name) => [name, refusesWithoutToken(name)])),
  };

  /**
   * Google's front end lets nobody through to a worker but the account of its queue: `invoker: private` in the manifest, which the
   * manifest's test holds. Behind it the worker itself refuses a request without a token, and a stranger's job does nothing.
   */
  function refusesWithoutToken(name: string) {
    return async (headers: Record<string, string>): Promise<void> => {
      const answer = await fetch(world.deployed.urlOf(name), {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ data: { jobId: 'job_00000000000000000000000000' } }),
      });
      await answer.text();
      if (!/^Bearer /.test(headers['authorization'] ?? '')) expect(answer.status).toBe(401);
    };
  }

  it('everything that is deployed has a row', () => {
    const closed = [...namesWith('schedule'), ...namesWith('event')];
    const tried = [...operations.map(({ name }) => name), ...Object.keys(others)];
    // Schedules and events have no door of their own: IAM lets in Cloud Scheduler and Eventarc alone, as the manifest's test holds.
    expect([...tried, ...closed].sort()).toEqual([...declared.keys()].sort());
  });

  it.each(['api', 'stripeWebhook', 'voiceAudio', ...namesWith('tasks')])(
    '%s, past the operations, gives nobody anything',
    async (name) => {
      const before = await fingerprint(world.t.db);
      const tryIt = others[name];
      if (!tryIt) throw new Error(`${name} has no row`);
      for (const door of doors) {
        const { people } = stageOf(door);
        for (const identity of identities) {
          cells += 1;
          await tryIt(identity.headers(world.deployed.google, people));
        }
      }
      expect(await fingerprint(world.t.db)).toEqual(before);
    },
  );

  it('the money of an order was given back once, however many roles asked for it at either door', async () => {
    await settle(world.t, 60);
    for (const { owner } of stages.values()) {
      const charges = await chargesOf(world.t, owner).catch(() => []);
      expect(charges.every(({ refunded, amount }) => refunded <= amount)).toBe(true);
    }
    expect((await world.t.stripe.list('refunds')).length).toBe(stages.size);
  });

  it('the audit names for each deed of an operator one who may do it', async () => {
    const { rows: deeds } = await world.t.db.query<{ actor: string; role: Role; action: string }>(
      `select distinct actor, role, action from audit_log where action in ('order.refund_started', 'job.retried', 'member.looked_up')`,
    );
    const operationOf = {
      'order.refund_started': 'refundOrder',
      'job.retried': 'retryJob',
      'member.looked_up': 'findMember',
    };
    expect(deeds.length).toBeGreaterThan(0);
    for (const { actor, role, action } of deeds) {
      expect(actor).toMatch(new RegExp(`^op-${role}-`));
      const { access } = api[operationOf[action as keyof typeof operationOf] as OperationName];
      expect(access, action).toContain(role);
    }
  });
});
