import { describe, expect, it } from 'vitest';
import { SandboxClock } from './clock.ts';
import { openStore } from './store.ts';

const near = (date: Date, ms: number) => expect(Math.abs(date.getTime() - ms)).toBeLessThan(2_000);

describe('the sandbox clock', () => {
  it('tells real time until it is moved, and runs on from where it was set', async () => {
    const clock = new SandboxClock(openStore(':memory:'));
    near(clock.now(), Date.now());
    await clock.set(new Date('2030-01-01T00:00:00Z'));
    near(clock.now(), Date.parse('2030-01-01T00:00:00Z'));
    await clock.advance(86_400);
    near(clock.now(), Date.parse('2030-01-02T00:00:00Z'));
  });

  it('stays moved after a restart', async () => {
    const store = openStore(':memory:');
    await new SandboxClock(store).advance(3_600);
    near(new SandboxClock(store).now(), Date.now() + 3_600_000);
  });

  it('waits for what listeners do, and tells none that was removed', async () => {
    const clock = new SandboxClock(openStore(':memory:'));
    const told: string[] = [];
    const remove = clock.onAdvance(async () => {
      await Promise.resolve();
      told.push('slow');
    });
    await clock.advance(1);
    expect(told).toEqual(['slow']);
    remove();
    await clock.advance(1);
    expect(told).toEqual(['slow']);
  });
});
