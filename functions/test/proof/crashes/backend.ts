/**
 * The backend as a process of its own, to be killed: doors, workers and sweeper over HTTP, with real vendor clients, real enqueueing, and
 * the same steps as a mortal process. At the step that DIE_AT names it writes down how it dies and gets SIGKILL, as from the kernel.
 * Firestore, Firebase Auth and the clock are in the process that started it (REMOTE_URL, /clock).
 */
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { signUp } from '../../../src/features/accounts/sign-up.ts';
import { receivePaymentEvent } from '../../../src/features/orders/receive-payment-event.ts';
import type { Policy } from '../../../src/platform/config.ts';
import { services as deployed, type Services } from '../../../src/platform/container.ts';
import { openDb } from '../../../src/platform/db.ts';
import type { Documents } from '../../../src/platform/documents.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { enqueueAll } from '../../../src/platform/tasks.ts';
import type { Users } from '../../../src/platform/users.ts';
import type { OperationName } from '../../../src/shared/api/index.ts';
import { topics } from '../../../src/topics.ts';
import { sweepEverything } from '../../../src/triggers/sweep-everything.ts';
import { mortalProcess, type Death } from '../../support/mortal.ts';
import { call, need } from '../../support/shopping.ts';
import { withoutVoice } from '../../support/without-voice.ts';
import { remoteObject } from './remote.ts';

const dieAt = process.env['DIE_AT'] ?? null;
const env = (name: string): string => need(process.env[name]);
let offsetMs = Number(env('CLOCK_OFFSET_MS'));
let commits = 0;

function die(death: Death): void {
  writeFileSync(env('DEATH_FILE'), JSON.stringify(death));
  process.kill(process.pid, 'SIGKILL');
}

const db = openDb({
  connectionString: env('DATABASE_URL'),
  max: 8,
  async onCommitted(entries) {
    commits += 1;
    const step = `between commit ${String(commits)} and its tasks`;
    if (step === dieAt) die({ step, unsaved: mortal.unsaved });
    await enqueueAll(entries);
  },
});

const services: Services = {
  clock: { now: () => new Date(Date.now() + offsetMs) },
  db,
  policy: JSON.parse(env('POLICY')) as Policy,
  async payments() {
    const payments = await deployed().payments();
    // The sandbox signs by the wall clock, as a vendor would; our shared clock may have jumped hours ahead of it.
    return { ...payments, verifyWebhook: (body, signature) => payments.verifyWebhook(body, signature, new Date()) };
  },
  carrier: () => deployed().carrier(),
  mail: () => deployed().mail(),
  chain: () => deployed().chain(),
  rewardSigner: () => deployed().rewardSigner(),
  ...withoutVoice,
  quoteKeys: () => deployed().quoteKeys(),
  personKey: () => deployed().personKey(),
  documents: async () => remoteObject<Documents>(env('REMOTE_URL'), 'documents'),
  users: async () => remoteObject<Users>(env('REMOTE_URL'), 'users'),
};

const mortal = mortalProcess(services, dieAt, die);

/** What can be asked of the backend. Everything but `clock` is what production is asked by its doors, queues and schedules. */
const routes: Record<string, (body: Buffer, req: IncomingMessage) => Promise<unknown>> = {
  async '/task'(body) {
    const { data } = JSON.parse(body.toString()) as { data: { jobId: string } };
    await runJob(mortal.begin(await nameOf(data.jobId)), topics, data.jobId);
  },
  async '/webhook'(body, req) {
    const type = /"type":"([a-z_.]+)"}$/.exec(body.toString())?.[1] ?? '';
    const signature = req.headers['stripe-signature'];
    await receivePaymentEvent(
      mortal.begin(`webhook ${type}`),
      body,
      typeof signature === 'string' ? signature : undefined,
    );
  },
  async '/call'(body) {
    const { name, input, token, key } = JSON.parse(body.toString()) as {
      name: OperationName;
      input: never;
      token: string;
      key: string;
    };
    return call(mortal.begin(name), name, input, { token, key });
  },
  async '/sign-up'(body) {
    await signUp(mortal.begin('onUserCreated'), JSON.parse(body.toString()) as Parameters<typeof signUp>[1]);
  },
  async '/sweep'() {
    await sweepEverything(mortal.begin('sweep'));
  },
  async '/clock'(body) {
    offsetMs = Number(body.toString());
  },
};

async function nameOf(jobId: string): Promise<string> {
  const { rows } = await db.query<{ topic: string; about: string | null }>(
    `select o.topic, coalesce(i.type, m.kind) as about from outbox o
       left join inbox i on i.event_id = o.payload ->> 'eventId' left join mail m on m.id = o.payload ->> 'mailId'
     where o.id = $1`,
    [jobId],
  );
  const { topic, about } = need(rows[0]);
  return about === null ? topic : `${topic} ${about}`;
}

createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const serve = routes[req.url ?? ''];
    if (!serve) return void res.writeHead(404).end();
    serve(Buffer.concat(chunks), req).then(
      (value) => res.end(JSON.stringify(value ?? null)),
      (error: unknown) =>
        res.writeHead(500).end(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
    );
  });
}).listen(Number(env('PORT')), '127.0.0.1', () => process.send?.('listening'));

// The test is gone: nobody is left to serve.
process.on('disconnect', () => process.exit(1));
