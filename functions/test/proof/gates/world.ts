import { raiseAlert } from '../../../src/platform/alerts.ts';
import { roles } from '../../../src/shared/operation.ts';
import { readAlerts } from '../../../src/store/alerts.ts';
import { startingCatalog } from '../../../src/domain/catalog/starting-catalog.ts';
import { insertDraft } from '../../../src/store/catalog-versions.ts';
import { insertPromotion } from '../../../src/store/promotions.ts';
import type { Belongings } from '../../support/good-inputs.ts';
import { need, settle, shop, shopper, type Shop, type Shopper } from '../../support/shopping.ts';
import { deploy, type Deployment } from './deployment.ts';

/** A shop with the deployed functions beside it, over the same database and vendors. */
export interface World {
  readonly t: Shop;
  readonly deployed: Deployment;
  stop(): Promise<void>;
}

/** Starts a world. Call `stop` in `afterAll`. */
export async function startWorld(): Promise<World> {
  const t = await shop();
  const deployed = await deploy(t);
  return {
    t,
    deployed,
    async stop() {
      await deployed.stop();
      await t.stop();
    },
  };
}

/** Has somebody sign up who is known to Google too. */
export async function memberOf({ t, deployed }: World, name: string): Promise<Shopper> {
  const one = shopper(t, name);
  deployed.google.put({ uid: one.uid, email: one.email });
  await one.call('getAccount', {});
  await settle(t, 60);
  return one;
}

/** Has an owner buy and get an eSIM, and makes a dead job and an open alert for operators to work on. */
export async function belongingsOf({ t }: World, owner: Shopper): Promise<Belongings> {
  const orderId = await owner.buy('global_data_10gb');
  await owner.buy('basic_membership');
  const [subscription] = (await owner.call('getAccount', {})).subscriptions;
  const { rows } = await t.db.query<{ id: string }>(
    `update outbox set state = 'dead' where id = (select id from outbox where topic = 'mail.send' order by id desc limit 1) returning id`,
  );
  await raiseAlert(t.db, { kind: 'tried', subject: orderId, message: 'tried by a test' }, t.clock.now());
  const promotionCode = `OWN-${orderId.slice(-8).toUpperCase()}`;
  await t.db.transaction((tx) =>
    insertPromotion(tx, {
      ...{ code: promotionCode, basisPoints: 1000, amounts: [], productIds: null, note: 'tried by a test' },
      ...{ startsAt: t.clock.now(), endsAt: null, maxRedemptions: null, maxPerPerson: 1 },
      ...{ createdAt: t.clock.now(), createdBy: 'test' },
    }),
  );
  const draft = async (note: string): Promise<string> => {
    const made = { content: startingCatalog, basedOn: 1, by: 'test', requestId: `${note}-${orderId}`, note };
    return String(await t.db.transaction((tx) => insertDraft(tx, made, t.clock.now())));
  };
  const wish = { items: [{ productId: 'global_data_10gb', cycle: 'one_time' as const }], currency: 'USD' as const };
  const alerts = await readAlerts(t.db, { openOnly: true, limit: 100 });
  return {
    orderId,
    promotionCode,
    drafts: { kept: await draft('kept'), published: await draft('published'), discarded: await draft('discarded') },
    quote: (await owner.call('createQuote', wish)).quote,
    lineId: need((await owner.order(orderId)).lineId),
    subscriptionId: need(subscription).id,
    memberId: await owner.memberId(),
    jobId: need(rows[0]).id,
    alertId: need(alerts.find(({ kind, subject }) => kind === 'tried' && subject === orderId)).id,
  };
}

/** Signs in one operator of each role at Google. Returns their uids by role. */
export function operatorsOf({ deployed }: World, door: string): Record<(typeof roles)[number], string> {
  const uids = roles.map((role) => {
    const uid = `op-${role}-${door}`;
    deployed.google.put({ uid, email: `${role}@dotm.example`, claims: { role } });
    return [role, uid] as const;
  });
  return Object.fromEntries(uids) as Record<(typeof roles)[number], string>;
}
