import type { Product } from '../../shared/api/catalog.ts';
import type { Currency } from '../../shared/money.ts';

/** A product of the starting catalogue. Prices are in cents; CAD prices are list prices of their own, not a conversion. */
export interface StartingProduct {
  id: string;
  name: string;
  kind: Product['kind'];
  billing: Product['billing'];
  cents: Record<Currency, bigint>;
  rewardBasisPoints: number;
  dataBytes: bigint | null;
  validityDays: number | null;
  oncePerPerson: boolean;
  includesLine: boolean;
  sellable: boolean;
}

const megabyte = 1_000_000n;
const gigabyte = 1_000_000_000n;

/** Rewards of goods and of features: 10.33 % and 5 %. */
const goodsReward = 1033;
const featureReward = 500;

const plain = { dataBytes: null, validityDays: null, oncePerPerson: false, includesLine: false, sellable: true };

function feature(id: string, name: string, usd: bigint, cad: bigint): StartingProduct {
  return {
    ...plain,
    id,
    name,
    kind: 'network_feature',
    billing: 'monthly',
    cents: { USD: usd, CAD: cad },
    rewardBasisPoints: featureReward,
  };
}

/** A feature that costs nothing is switched on, not bought. */
function freeFeature(id: string, name: string, kind: 'network_feature' | 'communication_feature'): StartingProduct {
  return {
    ...plain,
    id,
    name,
    kind,
    billing: 'free',
    cents: { USD: 0n, CAD: 0n },
    rewardBasisPoints: 0,
    sellable: false,
  };
}

/** What a fresh installation sells. Operators change it later by publishing a new version. */
export const startingCatalog: readonly StartingProduct[] = [
  {
    ...plain,
    id: 'esim_starter',
    name: 'eSIM starter',
    kind: 'connectivity',
    billing: 'one_time',
    cents: { USD: 100n, CAD: 139n },
    rewardBasisPoints: goodsReward,
    dataBytes: 1_000n * megabyte,
    validityDays: 10,
    oncePerPerson: true,
    includesLine: true,
  },
  {
    ...plain,
    id: 'global_data_10gb',
    name: 'Global data 10 GB',
    kind: 'connectivity',
    billing: 'one_time',
    cents: { USD: 2000n, CAD: 2799n },
    rewardBasisPoints: goodsReward,
    dataBytes: 10n * gigabyte,
    includesLine: true,
  },
  {
    ...plain,
    id: 'basic_membership',
    name: 'Basic membership',
    kind: 'membership',
    billing: 'annual',
    cents: { USD: 2400n, CAD: 3299n },
    rewardBasisPoints: goodsReward,
    includesLine: true,
  },
  {
    ...plain,
    id: 'full_membership',
    name: 'Full membership',
    kind: 'membership',
    billing: 'annual',
    cents: { USD: 6600n, CAD: 8999n },
    rewardBasisPoints: goodsReward,
    includesLine: true,
  },
  {
    ...plain,
    id: 'beta_tester',
    name: 'Beta programme',
    kind: 'membership',
    billing: 'monthly',
    cents: { USD: 0n, CAD: 0n },
    rewardBasisPoints: 0,
    sellable: false,
  },
  {
    ...plain,
    id: 'metal_card',
    name: 'DOTM metal card',
    kind: 'physical',
    billing: 'one_time',
    cents: { USD: 9999n, CAD: 13499n },
    rewardBasisPoints: goodsReward,
    sellable: false,
  },
  feature('network_security', 'Network security', 500n, 699n),
  feature('network_optimization', 'Network optimisation', 300n, 399n),
  feature('network_monitoring', 'Network monitoring', 400n, 549n),
  feature('network_vpn', 'VPN / home route', 800n, 1099n),
  feature('network_priority', 'Priority routing', 600n, 849n),
  freeFeature('network_scans', 'Network scans', 'network_feature'),
  freeFeature('volte_hd_voice', 'VoLTE with HD voice', 'communication_feature'),
  freeFeature('wifi_calling', 'Global Wi-Fi calling', 'communication_feature'),
  freeFeature('satellite_text', 'Global satellite text', 'communication_feature'),
];
