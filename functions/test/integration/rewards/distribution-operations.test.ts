import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planBatches } from '../../../src/features/rewards/distribution/plan-batches.ts';
import { startRun } from '../../../src/features/rewards/distribution/start-run.ts';
import type { ChainSettings } from '../../../src/platform/chain-settings.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import type { Api, OperationName } from '../../../src/shared/api/index.ts';
import { CodedError } from '../../../src/shared/errors.ts';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import type { z } from 'zod';
import { chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { operator } from '../../support/operators.ts';
import { seedPayees, type SeededPayee } from '../../support/payees.ts';
import { drain, testServices, type TestServices } from '../../support/services.ts';
import { call } from '../../support/shopping.ts';

const dotm = 10n ** 18n;
const reason = 'tried by a test';

describe.skipIf(chainMissing !== null)('payments in operators’ hands', () => {
  let chain: TestChain;
  let t: TestServices;
  let nextBatch = 0;
  beforeAll(async () => {
    chain = await startTestChain({ automine: true, entryCeilingDotm: '500' });
  });
  afterAll(() => chain.stop());
  beforeEach(async () => {
    t = await servicesWith({});
  });
  afterEach(() => t.stop());

  /** Everything waits for a second person, and a batch has two entries. */
  async function servicesWith(change: Partial<ChainSettings>): Promise<TestServices> {
    const settings = {
      ...chain.settings,
      approvalAboveMicro: 0n,
      gasPerEntry: 8_000_000,
      explorerUrl: 'https://scan.test',
    };
    const services = await testServices({ seeded: true, policy: { chain: { ...settings, ...change } } });
    // The tests share a chain, where each number is paid once; each has a database, where numbers would begin anew.
    nextBatch += 1_000;
    await services.db.query(`select setval('distribution_batch_id', $1)`, [nextBatch]);
    return Object.assign(services, chain.services);
  }

  const as = <N extends OperationName>(role: 'owner' | 'finance' | 'operations' | 'support', name: N) => {
    const token = operator(t, role);
    return (input: z.input<Api[N]['input']>, key?: string) =>
      call(t, name, input, { token, ...(key === undefined ? {} : { key }) });
  };
  const payees = (count: number, weiOf?: (index: number) => readonly bigint[], group?: string) =>
    seedPayees(t.db, count, {
      chainId: chain.settings.chainId,
      now: t.clock.now(),
      ...(weiOf ? { weiOf } : {}),
      ...(group === undefined ? {} : { group }),
    });
  async function plannedRun(role: 'owner' | 'finance' = 'finance') {
    const { run } = await as(role, 'planDistribution')({ dryRun: false });
    if (!run) throw new Error('nothing was planned');
    await drain(t, topics);
    return run.id;
  }
  const outcome = (deed: Promise<{ state: string }>) =>
    deed.then(
      ({ state }) => state,
      (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
    );
  const held = async ({ memberId }: SeededPayee) => balanceOf(t.db, `member/${memberId}/rewards_reserved/DOTM`);
  const vested = async ({ memberId }: SeededPayee) => balanceOf(t.db, `member/${memberId}/rewards_vested/DOTM`);
  const audited = async (runId: string) =>
    (
      await t.db.query<{ actor: string; action: string }>(
        'select actor, action from audit_log where subject = $1 order by id',
        [runId],
      )
    ).rows;

  describe('a dry run', () => {
    it('says who would be paid, how much, and what it costs, and keeps and reserves nothing', async () => {
      const people = await payees(5, (index) => [BigInt(index + 1) * dotm]);
      const { report, run } = await as('finance', 'planDistribution')({ dryRun: true });
      expect(run).toBeNull();
      expect(report).toMatchObject({
        recipients: 5,
        batches: 3,
        total: { unit: 'DOTM', amount: '15.000000000000000000' },
        needsApproval: true,
        waiting: [],
      });
      expect(report?.largest).toHaveLength(5);
      expect(report?.largest[0]).toMatchObject({ amount: { amount: '5.000000000000000000' } });
      // Enough to recognise an address by, too little to pay to.
      expect(report?.largest[0]?.wallet).toBe(`${people[4]?.address.slice(0, 6)}…${people[4]?.address.slice(-4)}`);
      expect(JSON.stringify(report)).not.toMatch(/0x[0-9a-f]{40}|mem_/);
      expect(Number(report?.gas?.costEther)).toBeGreaterThan(0);
      expect(Number(report?.gas?.costAtCeilingEther)).toBeGreaterThan(Number(report?.gas?.costEther));
      expect(report?.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(report?.checks.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['chain', 'paused', 'operator', 'funds']),
      );
      expect(await Promise.all(people.map(held))).toEqual([0n, 0n, 0n, 0n, 0n]);
      expect((await as('finance', 'listDistributions')({})).runs).toEqual([]);
    });

    it('says the same as the run that is planned right after it', async () => {
      await payees(7, (index) => [BigInt(index) * 10n ** 12n + 123n, BigInt(index) * 100n * dotm]);
      const { report } = await as('finance', 'planDistribution')({ dryRun: true });
      const runId = await plannedRun();
      const { run, batches } = await as('finance', 'getDistribution')({ runId });
      expect({ total: run.total, recipients: run.recipients, batches: batches.length }).toEqual({
        total: report?.total,
        recipients: report?.recipients,
        batches: report?.batches,
      });
    });

    it('names what waits, how much of it, and why', async () => {
      const some = await payees(6, (index) => [index === 4 ? 999n : index === 5 ? 700n * dotm : dotm]);
      const [noWallet, cooling, note] = some.map(({ memberId }) => memberId);
      await t.db.query(`update wallet set unlinked_at = linked_at, unlinked_because = 'member' where member_id = $1`, [
        noWallet,
      ]);
      await t.db.query(`update wallet set usable_from = usable_from + interval '1 day' where member_id = $1`, [
        cooling,
      ]);
      await owe(note ?? '', 5n);
      const { report } = await as('owner', 'planDistribution')({ dryRun: true });
      expect(
        Object.fromEntries((report?.waiting ?? []).map((part) => [part.reason, [part.members, part.total.amount]])),
      ).toEqual({
        no_wallet: [1, '1.000000000000000000'],
        cooling_off: [1, '1.000000000000000000'],
        open_note: [1, '1.000000000000000000'],
        below_one_micro: [1, '0.000000000000000999'],
        above_entry_ceiling: [1, '200.000000000000000000'],
      });
      expect(report).toMatchObject({ recipients: 2, total: { amount: '501.000000000000000000' } });
    });

    it('says which checks fail, and what to do', async () => {
      await payees(2, () => [dotm]);
      await t.stop();
      t = await servicesWith({ runBudgetMicro: 1n, maxFeeWei: 1n });
      await payees(2, () => [dotm]);
      await chain.pause();
      try {
        const { report } = await as('finance', 'planDistribution')({ dryRun: true });
        const failed = report?.checks.filter(({ ok }) => !ok) ?? [];
        expect(failed.map(({ name }) => name).sort()).toEqual(['fees', 'paused', 'run_budget']);
        for (const { detail } of failed) expect(detail.length).toBeGreaterThan(10);
      } finally {
        await chain.unpause();
      }
    });

    it('without an answer of the chain tells what our own books know, and that the chain is silent', async () => {
      await payees(3, () => [dotm]);
      const silent = {
        ...chain.port,
        checkNetwork: () => Promise.reject(new CodedError('vendor.unavailable', 'no node')),
      };
      Object.assign(t, { chain: async () => silent });
      const { report } = await as('finance', 'planDistribution')({ dryRun: true });
      expect(report).toMatchObject({
        recipients: 3,
        total: { amount: '3.000000000000000000' },
        gas: null,
        checks: [{ name: 'chain', ok: false, detail: 'no node' }],
      });
    });

    it('where no chain is set up says so', async () => {
      const bare = await testServices({ seeded: true, policy: { chain: null } });
      try {
        const token = operator(bare, 'finance');
        await expect(call(bare, 'planDistribution', { dryRun: true }, { token })).rejects.toMatchObject({
          code: 'chain.not_set_up',
        });
      } finally {
        await bare.stop();
      }
    });
  });

  describe('a run that a person asked for', () => {
    it('waits for another person, goes out when they approve it, and shows each transaction', async () => {
      const people = await payees(3, () => [2n * dotm]);
      const runId = await plannedRun('finance');
      const mine = await as('finance', 'getDistribution')({ runId });
      // Whoever is asked sees what would stand in its way.
      expect(mine.checks.map(({ name, ok }) => [name, ok])).toContainEqual(['operator', true]);
      expect(mine.run).toMatchObject({ state: 'awaiting_approval', mayApprove: false, mayReject: true, recipients: 3 });
      expect((await as('owner', 'getDistribution')({ runId })).run).toMatchObject({
        mayApprove: true,
        mayReject: true,
      });
      expect((await as('operations', 'getDistribution')({ runId })).run).toMatchObject({
        mayApprove: false,
        mayReject: false,
      });
      expect(await Promise.all(people.map(held))).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);

      const approved = await as('owner', 'approveDistribution')({ runId, reason });
      expect(approved).toMatchObject({ state: 'sending', approvedBy: 'op-owner' });
      await drain(t, topics, { forSeconds: 120 });
      const { run, paid, batches, checks } = await as('finance', 'getDistribution')({ runId });
      expect(run).toMatchObject({ state: 'done', batches: { confirmed: 2, planned: 0, signed: 0 } });
      expect(paid).toEqual(run.total);
      expect(checks.every(({ ok }) => ok)).toBe(true);
      for (const batch of batches) {
        expect(batch).toMatchObject({ state: 'confirmed', attempts: 1, block: expect.any(Number) as number });
        expect(batch.transaction?.url).toBe(`https://scan.test/tx/${batch.transaction?.hash}`);
        expect(batch.transaction?.hash).toMatch(/^0x[0-9a-f]{64}$/);
      }
      for (const { address } of people) expect(await chain.balanceOf(address)).toBeGreaterThanOrEqual(2n * dotm);
      expect(await audited(runId)).toEqual([
        { actor: 'op-finance', action: 'distribution.planned' },
        { actor: 'op-owner', action: 'distribution.approved' },
      ]);
    });

    it('is one run however often the request is repeated', async () => {
      await payees(1, () => [dotm]);
      const key = 'one-key-for-one-run';
      const plan = as('finance', 'planDistribution');
      const [first, again] = [await plan({ dryRun: false }, key), await plan({ dryRun: false }, key)];
      expect(again.run?.id).toBe(first.run?.id);
      expect((await as('finance', 'listDistributions')({})).runs).toHaveLength(1);
      expect(await audited(first.run?.id ?? '')).toHaveLength(1);
    });

    it('can not be approved by who asked for it, whatever their role', async () => {
      await payees(1, () => [dotm]);
      for (const role of ['finance', 'owner'] as const) {
        const runId = await plannedRun(role);
        const approval = as(role, 'approveDistribution')({ runId, reason });
        expect(await outcome(approval)).toBe('distribution.second_person_required');
        expect((await as(role, 'getDistribution')({ runId })).run.state).toBe('awaiting_approval');
        await as(role, 'rejectDistribution')({ runId, reason });
        await drain(t, topics);
      }
    });

    it('that is still being planned can be neither approved nor rejected', async () => {
      const { run } = await as('finance', 'planDistribution')({ dryRun: false });
      const runId = run?.id ?? '';
      expect(run).toMatchObject({ state: 'planning', mayApprove: false, mayReject: false });
      expect(await outcome(as('owner', 'approveDistribution')({ runId, reason }))).toBe('distribution.wrong_state');
      expect(await outcome(as('owner', 'rejectDistribution')({ runId, reason }))).toBe('distribution.wrong_state');
    });

    it('once decided stays so', async () => {
      await payees(2, () => [dotm]);
      const runId = await plannedRun();
      await as('owner', 'approveDistribution')({ runId, reason });
      expect(await outcome(as('owner', 'approveDistribution')({ runId, reason }))).toBe('distribution.wrong_state');
      expect(await outcome(as('owner', 'rejectDistribution')({ runId, reason }))).toBe('distribution.wrong_state');
      await drain(t, topics, { forSeconds: 120 });
      expect(await outcome(as('owner', 'rejectDistribution')({ runId, reason }))).toBe('distribution.wrong_state');
    });

    it('that does not exist is not there for anybody', async () => {
      const runId = 'drn_00000000000000000000000000';
      for (const name of ['approveDistribution', 'rejectDistribution'] as const) {
        expect(await outcome(as('owner', name)({ runId, reason }))).toBe('not_found');
      }
      await expect(as('owner', 'getDistribution')({ runId })).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('what goes out in a day without a second person', () => {
    const above = { approvalAboveMicro: 4_000_000n };
    beforeEach(async () => {
      await t.stop();
      t = await servicesWith(above);
    });
    const states = async () =>
      (await as('finance', 'listDistributions')({})).runs.map(({ state, approvedBy }) => `${state} ${approvedBy}`);

    it('stays below the limit in how many runs one person ever plans', async () => {
      await payees(2, () => [2n * dotm], 'first');
      await plannedRun();
      await payees(1, () => [dotm], 'second');
      const { report } = await as('finance', 'planDistribution')({ dryRun: true });
      expect(report).toMatchObject({ recipients: 1, needsApproval: true });
      const later = await plannedRun();
      expect((await as('finance', 'getDistribution')({ runId: later })).run.state).toBe('awaiting_approval');
      // What a person has approved, or nobody has been paid, does not count; nor does another day.
      await as('finance', 'rejectDistribution')({ runId: later, reason });
      await drain(t, topics, { forSeconds: 60 });
      await t.advance(86_400);
      await plannedRun();
      await drain(t, topics, { forSeconds: 120 });
      expect(await states()).toEqual(['done policy', 'rejected null', 'done policy']);
    });

    it('stays below the limit also where runs are planned at the same time and share the members between them', async () => {
      await payees(16, () => [dotm]);
      const runs = await Promise.all(
        Array.from({ length: 4 }, () => startRun(t, { key: crypto.randomUUID(), requestedBy: 'op-finance' })),
      );
      await Promise.all(runs.map(({ id }) => planBatches(t, id)));
      const { rows } = await t.db.query<{ micro: bigint }>(
        `select coalesce(sum(total_micro), 0)::bigint as micro from distribution_run where approved_by = 'policy'`,
      );
      expect(rows[0]?.micro).toBeLessThanOrEqual(above.approvalAboveMicro);
    });
  });

  describe('a run that is rejected', () => {
    it('pays nobody and gives back what it held, and the next run pays it', async () => {
      const people = await payees(3, () => [2n * dotm], 'spared');
      const runId = await plannedRun();
      const rejected = await as('finance', 'rejectDistribution')({ runId, reason: 'too much for one day' });
      expect(rejected).toMatchObject({ state: 'rejected', note: 'too much for one day' });
      await drain(t, topics, { forSeconds: 60 });
      expect((await as('owner', 'getDistribution')({ runId })).run.batches).toMatchObject({ released: 2, planned: 0 });
      expect(await Promise.all(people.map(held))).toEqual([0n, 0n, 0n]);
      expect(await Promise.all(people.map(vested))).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
      for (const { address } of people) expect(await chain.balanceOf(address)).toBe(0n);
      expect((await audited(runId)).map(({ action }) => action)).toEqual([
        'distribution.planned',
        'distribution.rejected',
      ]);

      const next = await plannedRun();
      await as('owner', 'approveDistribution')({ runId: next, reason });
      await drain(t, topics, { forSeconds: 120 });
      for (const { address } of people) expect(await chain.balanceOf(address)).toBe(2n * dotm);
      expect(await verifyLedger(t.db)).toEqual([]);
    });

    it('gives everything back once, at whatever step its release dies', async () => {
      const people = await payees(3, () => [2n * dotm]);
      const releaseOf = async () => {
        const runId = await plannedRun();
        await as('finance', 'rejectDistribution')({ runId, reason });
        const { rows } = await t.db.query<{ id: string }>(
          `select id from outbox where topic = 'distribution.release' and state = 'pending'`,
        );
        return rows[0]?.id ?? '';
      };
      const whole = mortalProcess(t);
      await runJob(whole.begin('release'), topics, await releaseOf());
      const steps = whole.steps;
      expect(steps.length).toBeGreaterThan(10);
      for (const step of steps.filter((_, index) => index % 3 === 0)) {
        const job = await releaseOf();
        expect(await Promise.all(people.map(held))).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
        await runJob(mortalProcess(t, step).begin('release'), topics, job).catch(() => undefined);
        await drain(t, topics, { forSeconds: 400 });
        expect(await Promise.all(people.map(held)), step).toEqual([0n, 0n, 0n]);
        expect(await Promise.all(people.map(vested)), step).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
      }
      expect(await verifyLedger(t.db)).toEqual([]);
    });
  });

  describe('two people at once', () => {
    it('who approve one run: one does, and it is paid once', async () => {
      const people = await payees(2, () => [dotm], 'twice');
      const runId = await scheduledRun();
      const approvals = (['owner', 'finance'] as const).map((role) =>
        as(role, 'approveDistribution')({ runId, reason }),
      );
      expect((await Promise.all(approvals.map(outcome))).sort()).toEqual(['distribution.wrong_state', 'sending']);
      await drain(t, topics, { forSeconds: 120 });
      for (const { address } of people) expect(await chain.balanceOf(address)).toBe(dotm);
    });

    it('one approving and one rejecting: the first decides, and what it decided holds', async () => {
      const people = await payees(2, () => [dotm], 'quarrel');
      for (let round = 0; round < 6; round++) {
        const runId = await scheduledRun();
        const [approved, rejected] = await Promise.all([
          outcome(as('owner', 'approveDistribution')({ runId, reason })),
          outcome(as('finance', 'rejectDistribution')({ runId, reason })),
        ]);
        expect([approved, rejected]).toContain('distribution.wrong_state');
        await drain(t, topics, { forSeconds: 120 });
        const wasPaid = approved === 'sending';
        expect((await as('owner', 'getDistribution')({ runId })).run.state).toBe(wasPaid ? 'done' : 'rejected');
        for (const one of people) expect(await chain.balanceOf(one.address)).toBe(wasPaid ? dotm : 0n);
        if (wasPaid) break;
      }
      expect(await verifyLedger(t.db)).toEqual([]);
    });
  });

  it('a run of the schedule may be approved by anybody who approves', async () => {
    await payees(1, () => [dotm]);
    const runId = await scheduledRun();
    expect((await as('finance', 'getDistribution')({ runId })).run).toMatchObject({
      requestedBy: 'schedule',
      mayApprove: true,
    });
    expect(await outcome(as('finance', 'approveDistribution')({ runId, reason }))).toBe('sending');
  });

  it('runs are listed newest first, a page at a time, each once', async () => {
    for (let index = 0; index < 43; index++) await startRun(t, { key: `day-${index}`, requestedBy: 'schedule' });
    const list = as('operations', 'listDistributions');
    const first = await list({});
    const second = await list({ before: first.next ?? '' });
    expect([first.runs.length, second.runs.length, second.next]).toEqual([40, 3, null]);
    const ids = [...first.runs, ...second.runs].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  });

  it.each(['operations', 'support'] as const)(
    '%s can not plan, approve or reject: it is not there for them',
    async (role) => {
      const runId = 'drn_00000000000000000000000000';
      await expect(as(role, 'planDistribution')({ dryRun: true })).rejects.toMatchObject({ code: 'not_found' });
      await expect(as(role, 'approveDistribution')({ runId, reason })).rejects.toMatchObject({ code: 'not_found' });
      await expect(as(role, 'rejectDistribution')({ runId, reason })).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  async function scheduledRun(): Promise<string> {
    const { id } = await startRun(t, { key: crypto.randomUUID(), requestedBy: 'schedule' });
    await drain(t, topics);
    return id;
  }

  /** Puts a note on a member, as a refund of what was paid out already does. */
  async function owe(memberId: string, wei: bigint): Promise<void> {
    await t.db.query('select ledger.post($1, $2, $3, $4, $5, $6)', [
      `${memberId}/owe`,
      'rewardReversed',
      t.clock.now(),
      [`member/${memberId}/reward_set_off/DOTM`, 'platform/reward_set_off/DOTM'],
      ['DOTM/18', 'DOTM/18'],
      [String(wei), String(-wei)],
    ]);
  }
});
