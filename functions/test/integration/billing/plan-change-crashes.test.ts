import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shop } from '../../support/shopping.ts';
import { attempt, openSweepShop, record } from '../../proof/crashes/attempt.ts';
import { paths } from '../../proof/crashes/paths.ts';

/** Before and after each call of the payment provider, and on both sides of each commit, of what changes a plan. */
const steps =
  /^(?:changePlan|plan\.change|plan\.undo|order\.settle_invoice)\b.*: (?:(?:before|after) payments\.|(?:before|after) commit)/;

/** Each takes seconds: `npm test` dies at a few of each path, PROOF=full at all. */
const tried = process.env['PROOF'] === 'full' ? Infinity : 2;

// The sweep of test/proof/crashes.test.ts dies at a sample of all steps of all paths; here it is each step that a change of plan brought.
describe.each(['upgrade', 'upgrade-event-lost', 'upgrade-given-back', 'downgrade-at-renewal'])(
  'a process that dies while a plan is changed (%s)',
  (name) => {
    let shop: Shop;
    beforeAll(async () => {
      shop = await openSweepShop();
    });
    afterAll(() => shop.stop());

    it('leaves one change, one charge or all of it back, and exact books', { timeout: 900_000 }, async () => {
      const path = paths.find((one) => one.name === name);
      if (!path) throw new Error(`no path ${name}`);
      const { points, outcome, failures } = await record(shop, path);
      expect(failures).toEqual([]);
      const own = points.filter((point) => steps.test(point));
      expect(own.length).toBeGreaterThan(4);
      const every = Math.ceil(own.length / tried) || 1;
      for (const point of own.filter((_, index) => index % every === 0)) {
        const { failures: broken, reached } = await attempt(shop, path, point, outcome);
        expect([point, reached, broken]).toEqual([point, true, []]);
      }
    });
  },
);
