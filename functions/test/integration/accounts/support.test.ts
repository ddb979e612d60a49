import { afterAll, beforeAll, expect, test } from 'vitest';
import { testServices, drain, type TestServices } from '../../support/services.ts';
let t: TestServices;
beforeAll(async () => { t = await testServices(); });
afterAll(() => t.stop());
test('x', async () => {
  const { endUserId } = await (await t.carrier()).createEndUser({ firstName: 'A', lastName: 'B', email: null });
  expect(endUserId).toBeTruthy();
  expect(await drain(t, {})).toBe(0);
  const b = t.clock.now(); await t.advance(100); expect(t.clock.now().getTime() - b.getTime()).toBeGreaterThan(99_000);
});
