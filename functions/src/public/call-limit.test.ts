import { describe, expect, it } from 'vitest';
import { callLimit } from './call-limit.ts';

describe('the limit of calls', () => {
  it('lets a client call as often as it says at once, then one by one as time passes', () => {
    let now = 0;
    const limit = callLimit(60, () => now);
    for (let call = 0; call < 60; call += 1) expect(limit.take('a')).toBe(0);
    expect(limit.take('a')).toBe(1);
    now = 1_000;
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 1]);
  });

  it('never saves up more than a minute’s calls', () => {
    let now = 0;
    const limit = callLimit(2, () => now);
    limit.take('a');
    now = 3_600_000;
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 30]);
  });

  it('counts each client for itself, and is not confused by a clock that goes back', () => {
    let now = 10_000;
    const limit = callLimit(1, () => now);
    expect([limit.take('a'), limit.take('b')]).toEqual([0, 0]);
    now = 0;
    expect(limit.take('a')).toBe(60);
  });

  it('says a time after which the next call is let in', () => {
    let now = 0;
    const limit = callLimit(7, () => now);
    for (let call = 0; call < 7; call += 1) limit.take('a');
    for (let round = 0; round < 50; round += 1) {
      now += limit.take('a') * 1000;
      expect(limit.take('a')).toBe(0);
    }
  });

  it('forgets who has been quiet longest when more come than it remembers', () => {
    const limit = callLimit(1, () => 0);
    limit.take('first');
    for (let client = 0; client < 10_000; client += 1) limit.take(String(client));
    expect(limit.take('first')).toBe(0);
    expect(limit.take('9999')).toBeGreaterThan(0);
  });
});
