import type { CatalogContent } from '../../shared/api/catalog-content.ts';
import type { CyclePrice, Product } from '../../shared/api/catalog.ts';
import { toMoney, type Currency } from '../../shared/money.ts';

type Cents = Readonly<Record<'USD' | 'CAD', bigint>>;

const megabyte = 1_000_000n;
const gigabyte = 1_000_000_000n;

/** Rewards of goods and of features: 10.33 % and 5 %. */
const goodsReward = 1033;
const featureReward = 500;

/** What a year of a monthly feature costs, in months. */
const monthsPaidInAYear = 10n;

const plain = {
  dataBytes: null,
  validityDays: null,
  oncePerPerson: false,
  includesLine: false,
  sellable: true,
  countries: null,
} as const;

/** Prices in cents. CAD prices are list prices of their own, not a conversion. */
function priced(cycle: CyclePrice['cycle'], cents: Cents): CyclePrice[] {
  return (['USD', 'CAD'] as const satisfies Currency[]).map((unit) => ({ cycle, ...toMoney(unit, cents[unit]) }));
}

function feature(id: string, name: string, usd: bigint, cad: bigint): Product {
  const yearly = { USD: usd * monthsPaidInAYear, CAD: cad * monthsPaidInAYear };
  const prices = [...priced('monthly', { USD: usd, CAD: cad }), ...priced('annual', yearly)];
  return { ...plain, id, name, kind: 'network_feature', billing: 'monthly', prices, rewardBasisPoints: featureReward };
}

/** What costs nothing is switched on, not bought. */
function free(id: string, name: string, kind: Product['kind']): Product {
  return { ...plain, id, name, kind, billing: 'free', prices: [], rewardBasisPoints: 0, sellable: false };
}

/** What a fresh installation sells. Operators change it later by publishing a new version. */
export const startingCatalog: CatalogContent = {
  currencies: [
    { code: 'USD', rewardRate: '1' },
    { code: 'CAD', rewardRate: '0.73' },
  ],
  excludedCountries: [],
  products: [
    {
      ...plain,
      id: 'esim_starter',
      name: 'eSIM starter',
      kind: 'connectivity',
      billing: 'one_time',
      prices: priced('one_time', { USD: 100n, CAD: 139n }),
      rewardBasisPoints: goodsReward,
      dataBytes: String(1_000n * megabyte),
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
      prices: priced('one_time', { USD: 2000n, CAD: 2799n }),
      rewardBasisPoints: goodsReward,
      dataBytes: String(10n * gigabyte),
      includesLine: true,
    },
    {
      ...plain,
      id: 'basic_membership',
      name: 'Basic membership',
      kind: 'membership',
      billing: 'annual',
      prices: priced('annual', { USD: 2400n, CAD: 3299n }),
      rewardBasisPoints: goodsReward,
      includesLine: true,
    },
    {
      ...plain,
      id: 'full_membership',
      name: 'Full membership',
      kind: 'membership',
      billing: 'annual',
      prices: priced('annual', { USD: 6600n, CAD: 8999n }),
      rewardBasisPoints: goodsReward,
      includesLine: true,
    },
    free('beta_tester', 'Beta programme', 'membership'),
    {
      ...plain,
      id: 'metal_card',
      name: 'DOTM metal card',
      kind: 'physical',
      billing: 'one_time',
      prices: priced('one_time', { USD: 9999n, CAD: 13499n }),
      rewardBasisPoints: goodsReward,
      sellable: false,
    },
    feature('network_security', 'Network security', 500n, 699n),
    feature('network_optimization', 'Network optimisation', 300n, 399n),
    feature('network_monitoring', 'Network monitoring', 400n, 549n),
    feature('network_vpn', 'VPN / home route', 800n, 1099n),
    feature('network_priority', 'Priority routing', 600n, 849n),
    free('network_scans', 'Network scans', 'network_feature'),
    free('volte_hd_voice', 'VoLTE with HD voice', 'communication_feature'),
    free('wifi_calling', 'Global Wi-Fi calling', 'communication_feature'),
    { ...free('satellite_text', 'Global satellite text', 'communication_feature'), countries: ['CA', 'US'] },
  ],
  bundles: [{ id: 'network_bundle', kind: 'network_feature', minimumProducts: 3, basisPointsOff: 1500 }],
  memberDiscounts: [
    { id: 'full_member_features', membershipId: 'full_membership', kind: 'network_feature', basisPointsOff: 2000 },
  ],
};
