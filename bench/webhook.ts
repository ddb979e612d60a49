/**
 * How many signed webhooks does one Node process take in a second? Measures the built function under the Functions Framework, from the
 * socket to the 200 (verify, keep the event, write the job, hand it to Cloud Tasks), beside what the database alone does for them in
 * one statement, and beside a function behind the same server that only answers, with 8 callers each, in slices that alternate:
 *
 *   npm run bench -- webhook [rounds] [seconds per slice]
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { signWebhook } from '../sandbox/src/stripe/signature.ts';
import { cpuMsOf } from './load/cpu.ts';
import { drive, type Shot } from './load/drive.ts';
import { eventBody } from './load/scenarios.ts';
import { startStage, type Program, type Stage } from './load/stage.ts';
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

function shot(stage: Stage, url: string): Shot {
  const body = eventBody();
  const signature = signWebhook(body, Math.floor(Date.now() / 1000), stage.webhookSecret);
  const headers = { 'content-type': 'application/json', ...signature };
  return { url, method: 'POST', headers, body };
}

/** What one function came to in the slices of a run. */
interface Figures {
  perSecond: number[];
  functionMicros: number[];
  postgresMicros: number[];
}

const stage = await startStage();
// The programs live in process groups of their own and would outlive this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stage.stop().then(() => process.exit(1)));
}
try {
  const { webhook, postgres } = stage.programs;
  const empty = await stage.serveEmpty();

  async function measure(url: string, program: Program, into?: Figures): Promise<void> {
    const before = [cpuMsOf(program.pid), cpuMsOf(postgres.pid)] as const;
    const { errors, requests, seconds: took } = await drive(() => shot(stage, url), callers, seconds);
    if (errors.size > 0) throw new Error(`not every request was answered with 200: ${JSON.stringify([...errors])}`);
    into?.perSecond.push(requests / took);
    into?.functionMicros.push(((cpuMsOf(program.pid) - before[0]) * 1000) / requests);
    into?.postgresMicros.push(((cpuMsOf(postgres.pid) - before[1]) * 1000) / requests);
  }

  const ours: Figures = { perSecond: [], functionMicros: [], postgresMicros: [] };
  const floor: Figures = { perSecond: [], functionMicros: [], postgresMicros: [] };
  const alone: number[] = [];
  // Until code is compiled and connections are open.
  for (let warmUp = 0; warmUp < 3; warmUp += 1) {
    await measure(stage.urls.webhook, webhook);
    await measure(empty.url, empty.program);
  }
  for (let round = 0; round < rounds; round += 1) {
    await measure(stage.urls.webhook, webhook, ours);
    await measure(empty.url, empty.program, floor);
    const options = { clients: callers, rounds: 1, sliceMs: seconds * 500 };
    const found = await alternate(stage.databaseUrl, [unit], options);
    alone.push(found.get(unit.name)?.[0]?.perSecond ?? Number.NaN);
  }
  const machine = `${String(availableParallelism())} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
  console.log(`node ${process.version}, ${machine}, ${String(rounds)} rounds, ${String(callers)} callers\n`);
  console.log('| | a second | / database alone | CPU in the function, µs | CPU in the database, µs |');
  console.log('| --- | --- | --- | --- | --- |');
  const row = (name: string, { perSecond, functionMicros, postgresMicros }: Figures): void => {
    const micros = [functionMicros, postgresMicros].map((values) => median(values).toFixed(0));
    const figures = [median(perSecond).toFixed(0), medianRatio(perSecond, alone).toFixed(2), ...micros];
    console.log(`| ${name} | ${figures.join(' | ')} |`);
  };
  row('webhook, one process', ours);
  row('function that only answers', floor);
  console.log(`| database alone | ${median(alone).toFixed(0)} | 1 | | |`);
  const share = medianRatio(ours.perSecond, floor.perSecond).toFixed(2);
  const cpu = medianRatio(ours.functionMicros, floor.functionMicros).toFixed(2);
  console.log(`\nwebhook / function that only answers: ${share} of its rate, ${cpu} times its CPU`);
} finally {
  await stage.stop();
}
