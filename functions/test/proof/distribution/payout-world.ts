import type { ChainSettings } from '../../../src/platform/chain-settings.ts';
import type { Services } from '../../../src/platform/container.ts';
import { startTestChain, type TestChain, type TestChainOptions } from '../../support/chain.ts';
import { testServices } from '../../support/services.ts';

/** Database, chain and clock of one payment campaign. */
export interface PayoutWorld {
  readonly chain: TestChain;
  readonly services: Services;
  /** Moves the backend's clock, which stands otherwise. The chain has its own. */
  pass(seconds: number): void;
  stop(): Promise<void>;
}

/** Starts a world whose chain mines only when it is told to. */
export async function payoutWorld(
  change: Partial<ChainSettings> = {},
  options: TestChainOptions = {},
): Promise<PayoutWorld> {
  const chain = await startTestChain(options);
  const t = await testServices({ seeded: true, policy: { chain: { ...chain.settings, ...change } } });
  let now = t.clock.now().getTime();
  return {
    chain,
    services: { ...t, ...chain.services, clock: { now: () => new Date(now) } },
    pass: (seconds) => {
      now += seconds * 1000;
    },
    async stop() {
      await t.stop();
      await chain.stop();
    },
  };
}
