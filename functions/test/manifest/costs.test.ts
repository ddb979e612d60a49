import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { api, type OperationName } from '../../src/shared/api/index.ts';
import type { Operation } from '../../src/shared/operation.ts';
import { bundle, reachable, source } from './bundle.ts';

let metafile: Metafile;
beforeAll(async () => {
  metafile = await bundle();
});

/** Makes every client; who reaches it does not use them all. */
const stop = ['functions/src/platform/container.ts'];

/** A call to a company that is paid or counts its calls, or a job or mail that a feature orders. What sets up an account is done once. */
const costs = /\.(payments|carrier|mail)\(\)|\b(addJob|queueMail|addErasure|startRefund)\(/;

/**
 * What costs and is bounded by something else than a count of calls: the deed can be done once, or a few times, for each thing that
 * exists, however often it is asked for. Each says by what.
 */
const boundedOtherwise: Partial<Record<OperationName, string>> = {
  deleteAccount: 'an account is deleted once, and needs a fresh sign-in',
};

/** The code behind an operation, from the table of lazy imports. */
function codeOf(name: OperationName): string[] {
  const file = new RegExp(`^ {2}${name}: .*?import\\('\\./([^']+)'\\)`, 'ms').exec(source('handlers.ts'))?.[1];
  if (file === undefined) throw new Error(`handlers.ts has no entry for ${name}`);
  const texts = reachable(metafile, `functions/src/${file}`, { lazy: true, stop });
  return [...texts].filter(([path]) => path.includes('/features/')).map(([, text]) => text);
}

const members = (Object.keys(api) as OperationName[]).filter((name) => typeof api[name].access === 'string');

describe('what costs money or mail', () => {
  it.each(members)('%s has a bound on its calls where it costs something', (name) => {
    const operation: Operation = api[name];
    const isCostly = codeOf(name).some((text) => costs.test(text));
    if (!isCostly) expect(boundedOtherwise[name], 'costs nothing: take it off the list').toBeUndefined();
    else expect(operation.rateLimit ?? boundedOtherwise[name], 'declare a rateLimit').toBeDefined();
  });

  it('no bound of what costs is so wide that it bounds nothing', () => {
    for (const name of members) {
      const { rateLimit }: Operation = api[name];
      const isCostly = codeOf(name).some((text) => costs.test(text));
      if (isCostly && rateLimit)
        expect(rateLimit.calls / rateLimit.windowSeconds, name).toBeLessThanOrEqual(120 / 3600);
    }
  });
});
