import type { Tool } from '../tool.ts';
import { calculatePricing } from './calculate-pricing.ts';
import { checkCoverage } from './check-coverage.ts';
import { checkDevice } from './check-device.ts';
import { comparePlans } from './compare-plans.ts';
import { explainRewards } from './explain-rewards.ts';
import { getQuote } from './get-quote.ts';
import { getService } from './get-service.ts';
import { listNetworkFeatures } from './list-network-features.ts';
import { recommendTrip } from './recommend-trip.ts';
import { searchServices } from './search-services.ts';

/** Every tool, in the order in which a conversation tends to use them. The order never changes between answers. */
export const tools: readonly Tool[] = [
  searchServices,
  getService,
  listNetworkFeatures,
  comparePlans,
  checkCoverage,
  checkDevice,
  recommendTrip,
  calculatePricing,
  getQuote,
  explainRewards,
];
