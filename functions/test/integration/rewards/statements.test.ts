import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StaleClaimError, runJob } from '../../../src/platform/jobs.ts';
import type { Services } from '../../../src/platform/container.ts';
import { checkChain } from '../../../src/shared/proofs/check-chain.ts';
import { checkProof, type Check } from '../../../src/shared/proofs/check-proof.ts';
import { canonicalJson, readProofFile } from '../../../src/shared/proofs/proof-file.ts';
import type { ProofFile } from '../../../src/shared/proofs/statement.ts';
import { topics } from '../../../src/topics.ts';
import { createLocalSigner } from '../../../src/vendors/chain/local-signer.ts';
import { anvilKeys, chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { testServices, type TestServices } from '../../support/services.ts';
import { alertsAbout, call, shopper, type Shopper } from '../../support/shopping.ts';
import { dotm, makeStatement, nodeAt, owe, owedMember, statementJob } from './statement-support.ts';

const daySeconds = 86_400;

/** Failed and unchecked checks, as `id outcome reason`. */
function notPassed(checks: readonly Check[]): string[] {
  return checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, outcome, reason }) => `${id} ${outcome} ${reason}`);
}

describe.skipIf(chainMissing !== null)('the daily statement of what is owed', () => {
  let t: TestServices;
  let chain: TestChain;
  const today = () => t.clock.now().toISOString().slice(0, 10);
  const proofOf = async (who: Shopper, date?: string): Promise<ProofFile> => {
    const { file } = await who.call('getRewardProof', date === undefined ? {} : { date });
    if (!file) throw new Error('there is no proof');
    return file;
  };

  beforeAll(async () => {
    chain = await startTestChain();
    t = Object.assign(await testServices({ policy: { chain: chain.settings } }), chain.services);
  });
  afterAll(async () => {
    await t.stop();
    await chain.stop();
  });

  it('is not there before the first day', async () => {
    const ada = shopper(t);
    await expect(call(t, 'getRewardStatement', { date: 'latest' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await ada.call('getRewardProof', {})).toEqual({ file: null });
    expect(await call(t, 'listRewardStatements', {})).toEqual({ statements: [] });
    for (const date of ['2026-02-30', '2026-13-01', 'newest', '0000-00-00']) {
      await expect(call(t, 'getRewardStatement', { date }), date).rejects.toMatchObject({ code: 'request.invalid' });
      await expect(call(t, 'listRewardStatements', { before: date }), date).rejects.toMatchObject({
        code: 'request.invalid',
      });
    }
  });

  it('gives every member a proof that holds against statement and chain, and adds up to the ledger', async () => {
    const people = [shopper(t), shopper(t), shopper(t)];
    const amounts = [
      { pending: 2_066_000_000_000_000_000n },
      { vested: 7n * dotm, reserved: 3n },
      { pending: 1n, vested: 2n, reserved: 3n },
    ];
    for (const [i, who] of people.entries()) await owe(t, await who.memberId(), amounts[i] ?? {});
    const nobody = shopper(t);
    await nobody.memberId();
    await makeStatement(t);
    const { statement } = await call(t, 'getRewardStatement', { date: 'latest' });
    expect(statement).toMatchObject({
      date: today(),
      leaves: 3,
      supply: '0',
      totals: { pending: '2066000000000000001', vested: '7000000000000000002', reserved: '6' },
    });
    for (const [i, who] of people.entries()) {
      const file = await proofOf(who);
      expect(file.proof.leaf).toMatchObject({ pending: String(amounts[i]?.pending ?? 0n) });
      const again = readProofFile(canonicalJson(file));
      expect(notPassed(checkProof(again, await who.memberId()))).toEqual([]);
      expect(notPassed(await checkChain(again, nodeAt(chain.rpcUrl)))).toEqual([]);
    }
    expect(await nobody.call('getRewardProof', {})).toEqual({ file: null });
    await expect(proofOf(people[0] ?? nobody, '2020-01-01')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is one for each day, however often it is asked for', async () => {
    const before = await call(t, 'listRewardStatements', {});
    await owedMember(t, { pending: dotm });
    await makeStatement(t);
    expect(await call(t, 'listRewardStatements', {})).toEqual(before);
    await t.advance(daySeconds);
    await makeStatement(t);
    const after = await call(t, 'listRewardStatements', {});
    expect(after.statements.map(({ statement }) => statement.leaves)).toEqual([4, 3]);
    const [, older] = after.statements;
    expect(older).toEqual(before.statements[0]);
    expect(await call(t, 'listRewardStatements', { before: today() })).toEqual(before);
  });

  it('is not believed when the chain says otherwise', async () => {
    const { statement, signature } = await call(t, 'getRewardStatement', { date: 'latest' });
    const ask = nodeAt(chain.rpcUrl);
    const asked = (change: Partial<typeof statement>, signer = signature.signer) =>
      checkChain({ statement: { ...statement, ...change }, signature: { ...signature, signer } }, ask);
    expect(notPassed(await asked({ chainId: 1 }))[0]).toBe('network failed other');
    const block = { ...statement.block, hash: `0x${'ab'.repeat(32)}` as const };
    expect(notPassed(await asked({ block }))[0]).toBe('block failed other');
    expect(notPassed(await asked({ block: { ...block, number: 999_999 } }))[0]).toBe('block failed unknown');
    expect(notPassed(await asked({ distributor: statement.token }))[0]).toMatch(/^contracts (failed|not_checked)/);
    expect(notPassed(await asked({ distributor: `0x${'12'.repeat(20)}` }))[0]).toBe('contracts failed none');
    expect(notPassed(await asked({ token: `0x${'12'.repeat(20)}` }))[0]).toBe('contracts failed other');
    expect(notPassed(await asked({}, `0x${'12'.repeat(20)}`))[0]).toBe('role failed none');
    expect(notPassed(await asked({ supply: '5' }))[0]).toBe('supply failed other');
    expect(notPassed(await asked({ cap: '5' }))[0]).toBe('supply failed cap');
    const totals = { ...statement.totals, owed: String(10_333_334n * dotm) };
    expect(notPassed(await asked({ totals }))).toEqual(['room failed too_much']);
    const away = await checkChain({ statement, signature }, () => Promise.reject(new Error('no way')));
    expect(notPassed(away)).toHaveLength(6);
    expect(notPassed(away)[0]).toBe('network not_checked node_failed');
  });

  it('goes on where it died, at whichever step, and says what was counted first', async () => {
    await t.advance(daySeconds);
    const whole = mortalProcess(t);
    await runJob(whole.begin('statement'), topics, await statementJob(t));
    expect(
      await t.db.query('select 1 from reward_statement where date = $1 and published_at is not null', [today()]),
    ).toMatchObject({ rowCount: 1 });
    const steps = whole.steps;
    expect(steps.length).toBeGreaterThan(20);
    for (const step of steps) {
      await t.advance(daySeconds);
      const mortal = mortalProcess(t, step);
      const jobId = await statementJob(t);
      await runJob(mortal.begin('statement'), topics, jobId).catch(() => undefined);
      expect(mortal.isDead, step).toBe(true);
      const [counted] = (
        await t.db.query<{ root: Buffer }>('select root from reward_statement where date = $1', [today()])
      ).rows;
      // What is owed changes between the attempts; what was counted does not.
      await owedMember(t, { pending: dotm });
      await makeStatement(t, 600);
      const { statement } = await call(t, 'getRewardStatement', { date: 'latest' });
      expect(statement.date, step).toBe(today());
      if (counted) expect(statement.root, step).toBe(`0x${counted.root.toString('hex')}`);
    }
    const { rows } = await t.db.query<{ days: bigint; leaves: bigint }>(
      `select count(*) as days, sum(s.leaves - (select count(*) from reward_leaf l where l.date = s.date))::bigint as leaves
       from reward_statement s where published_at is not null`,
    );
    expect(rows[0]).toEqual({ days: BigInt(steps.length + 3), leaves: 0n });
  });

  it('is not changed by a worker that was taken for dead and comes back', async () => {
    await t.advance(daySeconds);
    const jobId = await statementJob(t);
    let arrived = (): void => undefined;
    let goOn = (): void => undefined;
    const isThere = new Promise<void>((resolve) => (arrived = resolve));
    const mayGo = new Promise<void>((resolve) => (goOn = resolve));
    const slow: Services = {
      ...t,
      chain: async () => ({
        ...chain.port,
        readToken: async (block) => {
          arrived();
          await mayGo;
          // What a wrong node says, which must not be written over what is published.
          return { ...(await chain.port.readToken(block)), supplyWei: 7n };
        },
      }),
    };
    const first = runJob(slow, topics, jobId);
    await isThere;
    await t.advance(200);
    await runJob(t, topics, jobId);
    const published = await call(t, 'getRewardStatement', { date: 'latest' });
    expect(published.statement).toMatchObject({ date: today(), supply: '0' });
    goOn();
    await first.catch((error: unknown) => expect(error).toBeInstanceOf(StaleClaimError));
    expect(await call(t, 'getRewardStatement', { date: 'latest' })).toEqual(published);
  });

  it('stays as it is: the database refuses to change or delete it', async () => {
    const change = (sql: string) => t.db.query(sql, [today()]);
    await expect(change('update reward_statement set supply_wei = 1 where date = $1')).rejects.toThrow(
      'stays as it was',
    );
    await expect(change('update reward_statement set signature = null where date = $1')).rejects.toThrow(
      'stays as it was',
    );
    await expect(change('delete from reward_statement where date = $1')).rejects.toThrow();
  });

  it('is signed by nobody but an operator of the distributor', async () => {
    await t.advance(daySeconds);
    const stranger: Services = { ...t, rewardSigner: async () => createLocalSigner(anvilKeys.member) };
    const jobId = await statementJob(t);
    await runJob(stranger, topics, jobId);
    expect(await alertsAbout(t, jobId)).toEqual(['job_dead']);
    const { statement } = await call(t, 'getRewardStatement', { date: 'latest' });
    expect(statement.date).not.toBe(today());
  });

  it('tells operators of a day that passed without one', async () => {
    await t.advance(daySeconds);
    const jobId = await statementJob(t);
    const missed = today();
    await t.advance(daySeconds);
    await runJob(t, topics, jobId);
    expect(await alertsAbout(t, missed)).toEqual(['statement_missing']);
    await expect(call(t, 'getRewardStatement', { date: missed })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is given up when the chain has no settled block within a day of its balances, because nobody could check it', async () => {
    await t.advance(daySeconds);
    const jobId = await statementJob(t);
    const date = today();
    // Time of a chain of developers counts for nothing; of any other one it does.
    const elsewhere = { ...chain.settings, chainId: 11_155_111 };
    const attempt = () => runJob({ ...t, policy: { ...t.policy, chain: elsewhere } }, topics, jobId);
    await attempt();
    // Another node may have a block that is near, as long as the day lasts.
    expect(await alertsAbout(t, date)).toEqual([]);
    await t.advance(daySeconds);
    await attempt();
    expect(await alertsAbout(t, date)).toEqual(['statement_missing']);
    await expect(call(t, 'getRewardStatement', { date })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('waits for a node that has not yet what we know to be paid', async () => {
    await t.advance(daySeconds);
    const behind: Services = {
      ...t,
      chain: async () => ({ ...chain.port, readBlock: async () => null }),
    };
    const jobId = await statementJob(t);
    await runJob(behind, topics, jobId);
    const { rows } = await t.db.query<{ state: string; attempts: number }>(
      'select state, attempts from outbox where id = $1',
      [jobId],
    );
    expect(rows[0]).toEqual({ state: 'pending', attempts: 0 });
    await makeStatement(t, 120);
    expect((await call(t, 'getRewardStatement', { date: 'latest' })).statement.date).toBe(today());
  });

  it('proves a balance among many hundreds, from a part of the leaves', async () => {
    await t.advance(daySeconds);
    const grace = shopper(t);
    await owe(t, await grace.memberId(), { vested: 33n * dotm });
    for (let i = 0; i < 600; i += 1) await owedMember(t, { pending: BigInt(i + 1) });
    await makeStatement(t);
    const file = await proofOf(grace);
    expect(file.statement.leaves).toBeGreaterThan(512);
    expect(file.proof.siblings).toHaveLength(10);
    expect(notPassed(checkProof(file, await grace.memberId()))).toEqual([]);
  });

  it('is kept when the leaves of its day are gone, after ninety days', async () => {
    const ada = shopper(t);
    await owe(t, await ada.memberId(), { vested: dotm });
    await t.advance(daySeconds);
    await makeStatement(t);
    const day = today();
    await t.advance(90 * daySeconds);
    await makeStatement(t);
    expect((await proofOf(ada, day)).statement.date).toBe(day);
    await t.advance(daySeconds);
    await makeStatement(t);
    await expect(proofOf(ada, day)).rejects.toMatchObject({ code: 'not_found' });
    expect((await call(t, 'getRewardStatement', { date: day })).statement.date).toBe(day);
  });

  it('is published and tells operators when more is owed than may still be minted', async () => {
    await t.advance(daySeconds);
    await owedMember(t, { pending: 10_333_333n * dotm });
    await makeStatement(t);
    const { statement } = await call(t, 'getRewardStatement', { date: 'latest' });
    expect(statement.date).toBe(today());
    expect(BigInt(statement.totals.owed)).toBeGreaterThan(BigInt(statement.mayStillBeMinted));
    expect(await alertsAbout(t, today())).toEqual(['liabilities_above_cap']);
  });
});
