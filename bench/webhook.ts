/**
 * How many signed webhooks does one Node process take in a second? Measures the built function under the Functions Framework, from the
 * socket to the 200 (verify, keep the event, write the job, hand it to Cloud Tasks), beside what the database alone does for them in
 * one statement, with 8 callers each, in slices that alternate:
 *
 *   npm run bench -- webhook [rounds] [seconds per slice]
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { signWebhook } from '../sandbox/src/stripe/signature.ts';
import { cpuMsOf } from './load/cpu.ts';
import { drive, type Shot } from './load/drive.ts';
import { eventBody } from './load/scenarios.ts';
import { startStage, type Stage } from './load/stage.ts';
import { alternate, median, medianRatio, type Contender } from './support/slices.ts';

const rounds = Number(process.argv[2] ?? 9);
const seconds = Number(process.argv[3] ?? 1);
const callers = 8;

/** What the function writes for one event, with the values that it writes. */
const unit: Contender = {
  name: 'database alone',
  sql: `with kept as (
      insert into inbox (source, event_id, type, object_id, event_at, received_at)
      values ('stripe', $1::text, 'checkout.session.completed', $2::text, now(), now()) on conflict do nothing returning event_id
    )
    insert into outbox (id, queue, topic, dedupe_key, payload, lane, run_at, enqueued_at, trace_id, created_at)
    select $3::text, 'payments', 'payments.event', event_id, jsonb_build_object('eventId', event_id), 'stripe:' || $2::text, now(), now(), $4::text, now()
    from kept on conflict (topic, dedupe_key) do nothing`,
  values: () => [`evt_${randomUUID()}`, `cs_test_${randomUUID()}`, `job_${randomUUID()}`, randomUUID()],
};

function shot(stage: Stage): Shot {
  const body = eventBody();
  const signature = signWebhook(body, Math.floor(Date.now() / 1000), stage.webhookSecret);
  const headers = { 'content-type': 'application/json', ...signature };
  return { url: stage.urls.webhook, method: 'POST', headers, body };
}

const stage = await startStage();
try {
  const take = () => drive(() => shot(stage), callers, seconds);
  await take();
  const whole: number[] = [];
  const alone: number[] = [];
  const cpu: { function: number[]; postgres: number[] } = { function: [], postgres: [] };
  const { webhook, postgres } = stage.programs;
  for (let round = 0; round < rounds; round += 1) {
    const before = [cpuMsOf(webhook.pid), cpuMsOf(postgres.pid)] as const;
    const result = await take();
    const { errors, requests } = result;
    if (errors.size > 0) throw new Error(`not every webhook was answered with 200: ${JSON.stringify([...errors])}`);
    whole.push(requests / result.seconds);
    cpu.function.push(((cpuMsOf(webhook.pid) - before[0]) * 1000) / requests);
    cpu.postgres.push(((cpuMsOf(postgres.pid) - before[1]) * 1000) / requests);
    const options = { clients: callers, rounds: 1, sliceMs: seconds * 500 };
    const found = await alternate(stage.databaseUrl, [unit], options);
    alone.push(found.get(unit.name)?.[0]?.perSecond ?? Number.NaN);
  }
  const machine = `${String(availableParallelism())} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
  console.log(`node ${process.version}, ${machine}, ${String(rounds)} rounds, ${String(callers)} callers\n`);
  console.log(`webhooks a second, one process: ${median(whole).toFixed(0)}`);
  console.log(`database alone, a second:       ${median(alone).toFixed(0)}`);
  console.log(`ratio:                          ${medianRatio(whole, alone).toFixed(2)}`);
  const micros = `${median(cpu.function).toFixed(0)} µs in the function, ${median(cpu.postgres).toFixed(0)} µs in the database`;
  console.log(`CPU for each webhook:           ${micros}`);
} finally {
  await stage.stop();
}
