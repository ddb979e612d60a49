import { expect, test } from 'vitest';
import { ReportOutbox } from './report-outbox.ts';
import type { Report, ReportAnswer } from './report-outbox.ts';
import { FakeClock, settle } from './test-sounds.ts';

function report(change: Partial<Report>): Report {
  return {
    messageId: 'welcome',
    textVersion: 1,
    language: 'en',
    voice: 'BuddyFriend',
    sentence: 0,
    offsetMs: 0,
    heard: [],
    ...change,
  };
}

const answer: ReportAnswer = { completed: false, next: 'welcome', waiting: 3 };

function makeOutbox(kept: unknown = undefined) {
  const clock = new FakeClock();
  const rig = { clock, kept, sent: [] as Report[], failing: null as Error | null, retry: true, answers: 0 };
  const open = () =>
    new ReportOutbox({
      send: (sent) => {
        rig.sent.push(sent);
        return rig.failing === null ? Promise.resolve(answer) : Promise.reject(rig.failing);
      },
      mayRetry: () => rig.retry,
      read: () => rig.kept,
      keep: (reports) => void (rig.kept = reports),
      onAnswer: () => void (rig.answers += 1),
      now: () => clock.nowMs,
      setTimer: clock.setTimer,
      clearTimer: clock.clearTimer,
    });
  return Object.assign(rig, { open });
}

test('an urgent report goes out at once, others wait for company', async () => {
  const rig = makeOutbox();
  const outbox = rig.open();
  outbox.add(report({ sentence: 1 }), true);
  await rig.clock.pass(0);
  outbox.add(report({ sentence: 2, heard: [1] }), false);
  outbox.add(report({ sentence: 3, heard: [2] }), false);
  await rig.clock.pass(4000);
  expect(rig.sent).toHaveLength(1);
  await rig.clock.pass(2000);
  expect(rig.sent).toHaveLength(2);
  expect(rig.sent[1]).toMatchObject({ sentence: 3, heard: [1, 2] });
});

test('a closed tab loses no report: the next start sends it', async () => {
  const rig = makeOutbox();
  rig.failing = new Error('no network');
  rig.open().add(report({ sentence: 4, heard: [0, 1, 2, 3] }), true);
  await rig.clock.pass(10);
  expect(rig.sent).toHaveLength(1);

  const next = makeOutbox(rig.kept);
  expect(next.open().pending('welcome', 1)).toMatchObject({ sentence: 4 });
  await next.clock.pass(10);
  expect(next.sent[0]).toMatchObject({ heard: [0, 1, 2, 3] });
  expect(next.kept).toBe(undefined);
});

test('what grows while it is on its way is sent once more', async () => {
  const rig = makeOutbox();
  const outbox = rig.open();
  outbox.add(report({ heard: [0] }), true);
  const sending = rig.clock.pass(0);
  outbox.add(report({ heard: [1], sentence: 2 }), false);
  await sending;
  await settle();
  await rig.clock.pass(6000);
  expect(rig.sent.at(-1)).toMatchObject({ heard: [0, 1], sentence: 2 });
  expect(outbox.pending('welcome', 1)).toBe(null);
});

test('a refused report is dropped, one that met no network is kept', async () => {
  const rig = makeOutbox();
  const outbox = rig.open();
  rig.failing = new Error('refused');
  rig.retry = false;
  outbox.add(report({}), true);
  await rig.clock.pass(60_000);
  expect(rig.sent).toHaveLength(1);
  rig.retry = true;
  outbox.add(report({ sentence: 1 }), true);
  await rig.clock.pass(30_000);
  expect(rig.sent.length).toBeGreaterThan(2);
  rig.failing = null;
  outbox.flush();
  await rig.clock.pass(10);
  expect(outbox.pending('welcome', 1)).toBe(null);
});

test('what an older version of the app kept in another shape is forgotten, not sent', async () => {
  const rig = makeOutbox([{ messageId: 'welcome', percent: 80 }]);
  rig.open();
  await rig.clock.pass(10_000);
  expect(rig.sent).toEqual([]);
});

test('reports about two messages do not mix', async () => {
  const rig = makeOutbox();
  const outbox = rig.open();
  outbox.add(report({ heard: [0, 1] }), false);
  outbox.add(report({ messageId: 'tip-esims', heard: [3] }), false);
  await rig.clock.pass(20_000);
  expect(rig.sent.map(({ messageId, heard }) => [messageId, heard])).toEqual([
    ['welcome', [0, 1]],
    ['tip-esims', [3]],
  ]);
});

test('two tabs share what is kept: neither wipes out what the other has noted', async () => {
  const rig = makeOutbox();
  rig.failing = new Error('no network');
  const [one, other] = [rig.open(), rig.open()];
  one.add(report({ heard: [1] }), true);
  other.add(report({ messageId: 'tip-esims', heard: [2] }), true);
  other.add(report({ heard: [3] }), true);
  await rig.clock.pass(10);
  const last = rig.open();
  expect(last.pending('welcome', 1)?.heard).toEqual([1, 3]);
  expect(last.pending('tip-esims', 1)?.heard).toEqual([2]);
  rig.failing = null;
  await rig.clock.pass(60_000);
  expect(rig.kept).toBe(undefined);
});
