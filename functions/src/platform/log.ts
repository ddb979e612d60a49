import { currentTraceId } from './trace.ts';

/**
 * The log is a vocabulary: each thing worth telling has a function here, with the fields that it may carry. No function takes
 * free text from outside, an e-mail address, a telephone number, an ICCID, an activation code, a token or a key, so none can leak.
 */
type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
type Fields = Record<string, string | number | boolean | null | undefined>;

function write(severity: Severity, event: string, fields: Fields): void {
  const trace = currentTraceId();
  const project = process.env['GCLOUD_PROJECT'];
  const line = {
    severity,
    message: event,
    ...fields,
    traceId: trace,
    ...(project ? { 'logging.googleapis.com/trace': `projects/${project}/traces/${trace}` } : {}),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Says what an error was without what it may have carried: kind, code, and the top of the stack. */
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const at = error.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim();
  return { errorName: error.name, errorCode: code, errorAt: at };
}

export const log = {
  operationFailed: (operation: string, code: string, error: unknown) =>
    write('ERROR', 'operation failed', { operation, code, ...describe(error) }),
  requestUnreadable: (kind: string, status: number) => write('INFO', 'request unreadable', { kind, status }),
  operationRefused: (operation: string, code: string) => write('INFO', 'operation refused', { operation, code }),
  webhookRefused: (source: string, reason: string) => write('WARNING', 'webhook refused', { source, reason }),
  webhookReceived: (source: string, eventId: string, type: string, isNew: boolean) =>
    write('INFO', 'webhook received', { source, eventId, type, isNew }),
  eventIgnored: (source: string, eventId: string, type: string, reason: string) =>
    write('INFO', 'event ignored', { source, eventId, type, reason }),
  jobStarted: (topic: string, jobId: string, attempt: number) =>
    write('INFO', 'job started', { topic, jobId, attempt }),
  jobDone: (topic: string, jobId: string, ms: number) => write('INFO', 'job done', { topic, jobId, ms }),
  jobPostponed: (topic: string, jobId: string, reason: string, seconds: number) =>
    write('INFO', 'job postponed', { topic, jobId, reason, seconds }),
  jobFailed: (topic: string, jobId: string, attempt: number, error: unknown) =>
    write('WARNING', 'job failed, will be retried', { topic, jobId, attempt, ...describe(error) }),
  jobDied: (topic: string, jobId: string, attempt: number, error: unknown) =>
    write('ERROR', 'job gave up', { topic, jobId, attempt, ...describe(error) }),
  enqueueFailed: (queue: string, jobId: string, error: unknown) =>
    write('WARNING', 'enqueue failed, the sweeper will find the job', { queue, jobId, ...describe(error) }),
  swept: (counts: Record<string, number>) => write('INFO', 'swept', counts),
  alertRaised: (kind: string, subject: string) => write('CRITICAL', 'alert raised', { kind, subject }),
  orderMoved: (orderId: string, from: string, to: string) => write('INFO', 'order moved', { orderId, from, to }),
  reconciled: (differences: number) => write(differences > 0 ? 'ERROR' : 'INFO', 'reconciled', { differences }),
  booksVerified: (problems: number, ms: number) =>
    write(problems > 0 ? 'ERROR' : 'INFO', 'books verified', { problems, ms }),
  mailNotSent: (mailId: string, kind: string, reason: string) =>
    write('INFO', 'mail not sent', { mailId, kind, reason }),
  chainUnavailable: (runId: string, error: unknown) =>
    write('WARNING', 'chain gave no answer, the run waits', { runId, ...describe(error) }),
  runRested: (runId: string, state: string, recipients: number, batches: number) =>
    write('INFO', 'distribution run rested', { runId, state, recipients, batches }),
  distributionSkipped: () => write('INFO', 'no chain is set up, rewards wait', {}),
  memberErased: (memberId: string, ms: number) => write('INFO', 'member erased', { memberId, ms }),
  projectionSkipped: (memberId: string, reason: string) => write('INFO', 'projection skipped', { memberId, reason }),
  toolCalled: (tool: string, ms: number, isError: boolean) =>
    write('INFO', 'tool called', { tool, ms: Math.round(ms), isError }),
  publicCallRefused: (reason: string, status: number) => write('INFO', 'public call refused', { reason, status }),
  publicCallFailed: (door: string, error: unknown) =>
    write('ERROR', 'public call failed', { door, ...describe(error) }),
  catalogUnread: (error: unknown) =>
    write('WARNING', 'catalogue not read, the last known one goes on', { ...describe(error) }),
};
