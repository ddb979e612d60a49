import type { Browser } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { launchBrowser } from '../../browser.ts';
import { openVisitor } from './visitor.ts';
import type { Visit, Visitor } from './visitor.ts';

let launched: Promise<Browser> | undefined;

/** The browser of this test file, started by its first journey. */
function browser(): Promise<Browser> {
  launched ??= launchBrowser();
  return launched;
}

/** Opens another visitor with a browser profile of their own: an operator, a second member, the same member elsewhere. */
export type OpenVisitor = (visit: Visit) => Promise<Visitor>;

afterAll(async () => {
  await (await launched)?.close();
});

/**
 * One guarantee, walked by a fresh visitor. Fails when a browser complained, whatever else went well. A failure leaves
 * screenshot and console of each visitor in `.dotm-test/artifacts`. Two journeys of a file are walked at a time; `alone` is for
 * those that change how a vendor treats everybody.
 */
export function journey(
  guarantee: string,
  visit: Visit,
  walk: (visitor: Visitor, open: OpenVisitor) => Promise<void>,
  options: { alone?: boolean } = {},
): void {
  const name = `${guarantee} (${visit.screen}, ${visit.language})`;
  it(name, { concurrent: !options.alone }, async () => {
    const visitors: Visitor[] = [];
    const open: OpenVisitor = async (how) => {
      const visitor = await openVisitor(await browser(), how);
      visitors.push(visitor);
      return visitor;
    };
    try {
      await walk(await open(visit), open);
      expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
    } catch (error) {
      for (const [index, visitor] of visitors.entries()) await visitor.keepEvidence(`${name} ${String(index + 1)}`);
      throw error;
    } finally {
      for (const { context } of visitors) await context.close();
    }
  });
}
