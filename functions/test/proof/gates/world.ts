import { bodyOf } from '../../../src/domain/voice/segments.ts';
import { clipOf, markFailed, wantClips } from '../../../src/store/voice-clips.ts';
import { insertRun } from '../../../src/store/voice-runs.ts';
import { randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import type { Address } from '../../../src/domain/wallets/address.ts';
import { raiseAlert } from '../../../src/platform/alerts.ts';
import { newId } from '../../../src/platform/ids.ts';
import { insertBatch, nextBatchId, recordReleased } from '../../../src/store/distribution-batches.ts';
import { ensureRun, recordRunPlanned } from '../../../src/store/distributions.ts';
import { roles } from '../../../src/shared/operation.ts';
import { readAlerts } from '../../../src/store/alerts.ts';
import { startingCatalog } from '../../../src/domain/catalog/starting-catalog.ts';
import { insertDraft } from '../../../src/store/catalog-versions.ts';
import { insertPromotion } from '../../../src/store/promotions.ts';
import { addChallenge } from '../../../src/store/wallet-challenges.ts';
import { hashEntries, packEntries } from '../../../src/vendors/chain/contracts.ts';
import type { Belongings } from '../../support/good-inputs.ts';
import { publishSampleStatement } from '../../support/sample-statement.ts';
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
    runs: { approved: await plannedRun(t), rejected: await plannedRun(t) },
    batchId: await releasedBatch(t, await owner.memberId()),
    walletProof: await walletProofOf(t, owner),
    statementDate: await publishSampleStatement(t, await owner.memberId()),
    ...(await recordedVoice(t)),
    orderId,
    rewardId: need((await owner.call('getRewards', {})).rewards.find((reward) => reward.orderId === orderId)).id,
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

/** A publication of voice texts, and a sentence that could not be recorded. */
async function recordedVoice({ db, clock, policy }: Shop): Promise<Pick<Belongings, 'voiceRunId' | 'clipKey'>> {
  const now = clock.now();
  const id = newId('voiceRun', now);
  const [sentence] = bodyOf('en', 'welcome');
  const clip = clipOf(policy.voice, 'en', 'BuddyFriend', 'welcome', need(sentence));
  await db.transaction(async (tx) => {
    await insertRun(tx, { id, languages: ['en'], textVersion: 1, requestedBy: 'test', startedAt: now });
    await wantClips(tx, [clip], { memberId: null, queue: false }, now);
    await markFailed(tx, clip.key, 'tried by a test');
  });
  return { voiceRunId: id, clipKey: clip.key };
}

/** A message to the owner that a wallet has signed, for the chain of `deploy`. */
async function walletProofOf({ db, clock }: Shop, owner: Shopper): Promise<Belongings['walletProof']> {
  const wallet = Wallet.createRandom();
  const [memberId, now] = [await owner.memberId(), clock.now()];
  const [nonce, message] = [randomBytes(16).toString('hex'), `a message to ${memberId}`];
  await db.transaction((tx) =>
    addChallenge(tx, {
      ...{ nonce, memberId, chainId: 31_337, address: wallet.address.toLowerCase() as Address, message },
      // A campaign of hours asks for it.
      ...{ createdAt: now, expiresAt: new Date(now.getTime() + 24 * 3_600_000) },
    }),
  );
  return { nonce, signature: await wallet.signMessage(message) };
}

/** A payment of nothing that is planned and waits for approval, as a run of the schedule. */
async function plannedRun({ db, clock }: Shop): Promise<string> {
  const now = clock.now();
  const id = newId('distributionRun', now);
  const place = { chainId: 31_337, distributor: `0x${'d'.repeat(40)}` };
  await db.transaction(async (tx) => {
    await ensureRun(tx, { id, key: id, requestedBy: 'schedule', ...place }, now);
    await recordRunPlanned(tx, id, false, now);
  });
  return id;
}

/** A batch that would have paid the owner, in a payment of its own, and was given back. */
async function releasedBatch({ db, clock }: Shop, memberId: string): Promise<string> {
  const now = clock.now();
  const runId = newId('distributionRun', now);
  const place = { chainId: 31_337, distributor: `0x${'d'.repeat(40)}` };
  return db.transaction(async (tx) => {
    await ensureRun(tx, { id: runId, key: runId, requestedBy: 'schedule', ...place }, now);
    const id = await nextBatchId(tx);
    const entry = { memberId, address: `0x${'e'.repeat(40)}`, amountMicro: 1n };
    const words = packEntries([entry]);
    await insertBatch(
      tx,
      { id, runId, ...place, totalMicro: 1n, words, entriesHash: hashEntries(words), fromBlock: 0 },
      [entry],
      now,
    );
    await recordReleased(tx, id);
    return id.toString();
  });
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
