import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTestSandbox } from './testing/sandbox.ts';

it('a restarted sandbox finds its faults, settings, calls, clock and SIM stock again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const dataFile = join(folder, 'sandbox.sqlite');
  const first = await startTestSandbox({ dataFile });
  await first.control.addFault({ vendor: 'oxio', kind: 'hang' });
  await first.control.setOxio({ numberDelaySeconds: 99 });
  await first.control.advanceClock(500);
  await fetch(`${first.urls.sendgrid}/nothing`);
  const stock = await first.control.call('GET', '/oxio/sims');
  await first.stop();

  const second = await startTestSandbox({ dataFile });
  expect(await second.control.faults()).toMatchObject([{ vendor: 'oxio', kind: 'hang' }]);
  expect(await second.control.call('GET', '/oxio/settings')).toMatchObject({ numberDelaySeconds: 99 });
  expect((await second.control.clock()).offsetSeconds).toBe(500);
  expect(await second.control.calls()).toMatchObject([{ vendor: 'sendgrid', status: 404 }]);
  expect(await second.control.call('GET', '/oxio/sims')).toEqual(stock);
  await second.stop();
  rmSync(folder, { recursive: true });
});
