/**
 * What does a price cost us? On one core: the engine's arithmetic for three features in a bundle, beside the bare formula in integers that
 * gives the same cents and the same tokens, which is checked first; then what stands around it: the catalogue, the view that every door
 * shows with what would make the basket cheaper, and the signing and the checking of a quote. Slices alternate:
 *
 *   npm run bench -- pricing [rounds] [milliseconds per slice]
 */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { findSavings } from '../functions/src/domain/pricing/find-savings.ts';
import { rewardRateOf } from '../functions/src/domain/pricing/from-view.ts';
import { priceBasket, type PriceRequest } from '../functions/src/domain/pricing/price-basket.ts';
import { spread } from '../functions/src/domain/pricing/spread.ts';
import { quoteOf } from '../functions/src/domain/pricing/quote.ts';
import { viewPrice } from '../functions/src/domain/pricing/view-price.ts';
import { purchaseReward } from '../functions/src/domain/rewards/purchase-reward.ts';
import { minor } from '../functions/src/shared/money.ts';
import { parseQuoteKeys } from '../functions/src/platform/quotes/quote-keys.ts';
import { signQuote } from '../functions/src/platform/quotes/sign-quote.ts';
import { verifyQuote } from '../functions/src/platform/quotes/verify-quote.ts';
import { pricingCatalog, pricingView } from '../functions/test/support/pricing-catalog.ts';
import { median, medianRatio } from './support/slices.ts';

const rounds = Number(process.argv[2] ?? 15);
const sliceMs = Number(process.argv[3] ?? 200);

const request: PriceRequest = {
  items: ['network_vpn', 'network_security', 'network_optimization'].map((productId) => ({
    productId,
    cycle: 'monthly',
    quantity: 1,
  })),
  currency: 'USD',
  membershipId: null,
  country: null,
  promotion: null,
  rewardRate: rewardRateOf(pricingView, 'USD'),
};

const prices = [300n, 500n, 800n];
const wei = 10n ** 18n;

/** The same cents and tokens by the formula alone: no catalogue, no checks, no other discounts, no answer but the sums. */
function bareFormula(): { dueNow: bigint; reward: bigint } {
  const sum = prices.reduce((all, price) => all + price, 0n);
  const off = (sum * 1500n) / 10_000n;
  const shares = prices.map((price) => ({ share: (price * off) / sum, remainder: (price * off) % sum }));
  let left = off - shares.reduce((all, { share }) => all + share, 0n);
  const order = shares.map((_, index) => index).sort((a, b) => Number(shares[b]!.remainder - shares[a]!.remainder));
  for (const index of order) {
    if (left === 0n) break;
    shares[index]!.share += 1n;
    left -= 1n;
  }
  let dueNow = 0n;
  let reward = 0n;
  prices.forEach((price, index) => {
    const total = price - shares[index]!.share;
    dueNow += total;
    reward += (total * 500n * wei) / (100n * 10_000n);
  });
  return { dueNow, reward };
}

const keys = parseQuoteKeys(JSON.stringify({ bench: randomBytes(32).toString('base64url') }));
const now = new Date();
const priced = priceBasket(pricingCatalog, request);
const quote = quoteOf(priced, { country: null, membershipId: null, promotionCode: null }, now);
const token = await signQuote(keys, quote);

for (const bare of [bareFormula(), engineArithmetic()]) {
  if (bare.dueNow === priced.dueNow && bare.reward === priced.reward) continue;
  throw new Error(
    `the formula says ${bare.dueNow} cents and ${bare.reward} wei, the engine ${priced.dueNow} and ${priced.reward}`,
  );
}

/** The engine's own arithmetic on the same numbers: the spread of the discount over the lines, and the reward of each line. */
function engineArithmetic(): { dueNow: bigint; reward: bigint } {
  const sum = prices.reduce((all, price) => all + price, 0n);
  const shares = spread((sum * 1500n) / 10_000n, prices);
  let dueNow = 0n;
  let reward = 0n;
  prices.forEach((price, index) => {
    const paid = minor('USD', price - (shares[index] ?? 0n));
    dueNow += paid;
    reward += purchaseReward({ paid, currency: 'USD', basisPoints: 500, rate: request.rewardRate });
  });
  return { dueNow, reward };
}

/** One call of each; what it gives is kept, so that nothing is left out as useless. */
const contenders: Record<string, () => unknown> = {
  'bare formula': bareFormula,
  'arithmetic of the engine': engineArithmetic,
  'engine, with catalogue': () => priceBasket(pricingCatalog, request),
  'engine, savings and view': () => {
    const basket = priceBasket(pricingCatalog, request);
    return viewPrice(pricingView, basket, { savings: findSavings(pricingCatalog, request), taxNote: 'not_included' });
  },
  'sign a quote': () => signQuote(keys, quote),
  'verify a quote': () => verifyQuote(keys, token, now),
  'engine and sign': async () => {
    const basket = priceBasket(pricingCatalog, request);
    return signQuote(keys, quoteOf(basket, { country: null, membershipId: null, promotionCode: null }, now));
  },
};

let kept: unknown;

/** Calls in a second of this process's CPU time: what else runs on the machine takes nothing away from it. */
async function slice(call: () => unknown): Promise<number> {
  const until = performance.now() + sliceMs;
  const before = process.cpuUsage();
  let calls = 0;
  while (performance.now() < until) {
    for (let times = 0; times < 20; times += 1) {
      const result = call();
      kept = result instanceof Promise ? await result : result;
    }
    calls += 20;
  }
  const { user, system } = process.cpuUsage(before);
  return (calls / (user + system)) * 1e6;
}

const found = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
const loadBefore = loadavg()[0] ?? Number.NaN;
for (let round = 0; round <= rounds; round += 1) {
  const names = Object.keys(contenders);
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const perSecond = await slice(contenders[name]!);
    // The first round compiles the code and is not counted.
    if (round > 0) found.get(name)?.push(perSecond);
  }
}

const floor = found.get('bare formula') ?? [];
console.log(
  `prices of three features in a bundle, per second of CPU; median of ${String(rounds)} slices of ${String(sliceMs)} ms`,
);
for (const [name, rates] of found) {
  const ratio = medianRatio(floor, rates);
  console.log(`${name.padEnd(28)} ${median(rates).toFixed(0).padStart(9)}   ${ratio.toFixed(2)} x the formula's time`);
}
console.log(
  `token of ${String(token.length)} characters; load ${loadBefore.toFixed(1)} to ${(loadavg()[0] ?? Number.NaN).toFixed(1)}`,
);
if (kept === undefined) throw new Error('nothing was computed');
