import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/shopping.ts';
import type { Belongings } from '../support/good-inputs.ts';
import { fingerprint } from './gates/fingerprint.ts';
import { belongingsOf, memberOf, operatorsOf, startWorld, type World } from './gates/world.ts';
import { Random } from './inputs/random.ts';
import { malformed, odd, type Senders, type Trial } from './inputs/requests.ts';
import { send, type Reply } from './inputs/send.ts';

const full = process.env['PROOF'] === 'full';
const total = full ? 100_000 : 4_000;
const oddTotal = full ? 5_000 : 250;
/** One case alone: `PROOF_ONLY=4711 npm run prove -- inputs`. */
const only = process.env['PROOF_ONLY'];
const seed = 20_261_123;
const batch = 500;
const atOnce = 16;

/** Calls are counted before the handler is asked; nothing else may change by what is refused. */
const mayChange = ['rate_limit'];

/** More than any request needs on a machine that does much else besides; the figures themselves are printed. */
const slowestMs = 20_000;
const growthBytes = 192 * 1024 * 1024;

describe('malformed input', () => {
  let world: World;
  let of: Belongings;
  let senders: Senders;
  const times: number[] = [];
  const statuses = new Map<string, number>();

  beforeAll(async () => {
    world = await startWorld();
    const { google } = world.deployed;
    const owner = await memberOf(world, 'owner');
    const operator = operatorsOf(world, 'inputs').owner;
    const app = { 'x-firebase-appcheck': google.token({ ...google.appClaims(), exp: Date.now() / 1000 + 86_400 }) };
    const signedIn = (uid: string) => ({
      ...app,
      authorization: `Bearer ${google.token({ ...google.claimsOf(uid), exp: Math.floor(Date.now() / 1000) + 86_400 })}`,
    });
    of = await belongingsOf(world, owner);
    senders = { member: signedIn(owner.uid), operator: signedIn(operator), nobody: app };
    for (const headers of [senders.member, senders.operator]) {
      await (await fetch(`${world.deployed.urlOf('api')}/api/account`, { headers })).text();
    }
    await settle(world.t, 60);
  });
  afterAll(() => world.stop());

  /** What is wrong with the answer, or nothing. */
  function fault(trial: Trial, { status, error, ms, text }: Reply): string | undefined {
    if (status >= 500) return `answered ${String(status)}`;
    if (status < 400 && trial.method !== 'OPTIONS') return `was let through with ${String(status)}`;
    if (ms > slowestMs) return `took ${String(Math.round(ms))} ms`;
    if (status !== 400 || trial.method === 'HEAD') return undefined;
    if (error === undefined) return trial.byPlatform ? undefined : `is a 400 without our body: ${text.slice(0, 200)}`;
    const names = error.fields?.map(({ field }) => field) ?? [];
    return names.length > 0 && names.every((name) => name !== '') ? undefined : 'names no field';
  }

  async function tryOne(
    number: number,
    make: (random: Random) => Trial | undefined,
    check: typeof fault,
  ): Promise<string[]> {
    const trial = make(new Random(seed + number * 7919));
    if (!trial) return [];
    const reply = await send(world.deployed, trial).catch((error: unknown) => String(error));
    const wrong = typeof reply === 'string' ? `got no answer: ${reply}` : check(trial, reply);
    if (typeof reply !== 'string') {
      times.push(reply.ms);
      const by = reply.error === undefined && reply.status >= 400 ? ' by the platform' : '';
      statuses.set(`${String(reply.status)}${by}`, (statuses.get(`${String(reply.status)}${by}`) ?? 0) + 1);
    }
    if (wrong === undefined) return [];
    const { kind, functionName, method, path, body } = trial;
    const told = JSON.stringify({ method, path: path.slice(0, 300), body: body?.toString().slice(0, 300) });
    const answer = typeof reply === 'string' ? '' : reply.text.slice(0, 300);
    return [`case ${String(number)} (${kind}, ${functionName}) ${wrong}\n  ${told}\n  ${answer}`];
  }

  /** Sends the cases `from` up to `to`, several at once. */
  async function tryAll(
    from: number,
    to: number,
    make: (random: Random) => Trial | undefined,
    check = fault,
  ): Promise<string[]> {
    const faults: string[] = [];
    let next = from;
    const work = async (): Promise<void> => {
      for (let number = next++; number < to; number = next++) faults.push(...(await tryOne(number, make, check)));
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return faults;
  }

  const makeMalformed = (random: Random) => malformed(random, of, senders);

  it(`${String(total)} malformed requests at all doors: no 5xx, no change, a named field in each 400, bounded time and memory`, async () => {
    if (only !== undefined) {
      expect(await tryAll(Number(only), Number(only) + 1, makeMalformed)).toEqual([]);
      return;
    }
    // What is loaded at the first call of each kind is no growth.
    const faults = await tryAll(0, batch, makeMalformed);
    const [start, before] = [await world.deployed.memory(), await fingerprint(world.t.db, mayChange)];
    for (let from = batch; from < total && faults.length < 20; from += batch) {
      faults.push(...(await tryAll(from, from + batch, makeMalformed)));
      const after = await fingerprint(world.t.db, mayChange);
      const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
      if (changed.length > 0) {
        faults.push(`cases ${String(from)} to ${String(from + batch)} changed ${changed.join(', ')}`);
        break;
      }
    }
    const end = await world.deployed.memory();
    report(start, end);
    expect(faults.slice(0, 20).join('\n')).toBe('');
    expect(end.rss - start.rss).toBeLessThan(growthBytes);
  });

  it('odd input that a declaration takes is kept or refused, and breaks nothing', async () => {
    const makeOdd = (random: Random) => odd(random, of, senders);
    const check = (_trial: Trial, { status }: Reply) => (status >= 500 ? `answered ${String(status)}` : undefined);
    expect((await tryAll(0, oddTotal, makeOdd, check)).slice(0, 20).join('\n')).toBe('');
  });

  function report(start: { rss: number; heap: number }, end: { rss: number; heap: number }): void {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number) => `${(sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)} ms`;
    const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
    console.log(
      [
        `inputs: ${String(times.length)} requests, ${String(atOnce)} at once, seed ${String(seed)}`,
        `answers: ${[...statuses]
          .sort()
          .map(([status, count]) => `${status}: ${String(count)}`)
          .join(', ')}`,
        `time: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`,
        `memory of the functions: ${mb(start.rss)} -> ${mb(end.rss)} resident, ${mb(start.heap)} -> ${mb(end.heap)} heap`,
      ].join('\n'),
    );
  }
});
