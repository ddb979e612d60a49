import type { Services } from '../../src/platform/container.ts';
import { CodedError } from '../../src/shared/errors.ts';

/** Services of an installation that pays no rewards on chain, which is what most tests are. */
export const withoutChain: Pick<Services, 'chain' | 'rewardSigner'> = {
  chain: () => Promise.reject(new CodedError('chain.not_set_up', 'this test has no chain')),
  rewardSigner: () => Promise.reject(new CodedError('chain.not_set_up', 'this test has no chain')),
};
