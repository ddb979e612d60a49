import { z } from 'zod';
import { rewardRateOf } from '../../../domain/pricing/from-view.ts';
import { purchaseReward } from '../../../domain/rewards/purchase-reward.ts';
import { fromDecimal, toMoney } from '../../../shared/money.ts';
import { currencyArgument, currencyOf, productIdArgument, productOf } from '../lookups.ts';
import { amountSchema } from '../service-view.ts';
import { declareTool } from '../tool.ts';
import { inWords, listed, percent } from '../words.ts';

const states = [
  'Pending: counted when the payment has settled, held while it can still be refunded.',
  'Vested: the refund window is over.',
  'Sent: paid out to the wallet that the member has linked; without a wallet it waits.',
  'A refund takes the pending part back; what was paid out already is set off against future rewards and never becomes a debt.',
] as const;

/** Explains DOTM rewards with the catalogue's own figures. */
export const explainRewards = declareTool({
  name: 'explain_rewards',
  title: 'Explain rewards',
  description:
    'Explains the DOTM tokens that come back on purchases: the percentage of each service, the rate of each currency, a worked example, and what happens from purchase to payout. Use it when somebody asks about rewards, tokens or cashback. It says nothing about what DOTM will be worth: neither should you.',
  input: z.strictObject({
    productId: productIdArgument.optional().describe('Only for this service. search_services finds ids.'),
    currency: currencyArgument,
  }),
  output: z.object({
    summary: z.string(),
    catalogVersion: z.int(),
    rates: z
      .array(z.object({ currency: z.string(), dotmPerUnit: z.string() }))
      .describe('DOTM for one whole unit paid, at a reward of 100 %.'),
    services: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        percent: z.string(),
        example: z
          .object({ price: amountSchema, reward: amountSchema })
          .nullable()
          .describe('What its list price earns.'),
      }),
    ),
    life: z.array(z.string()).describe('From purchase to payout.'),
    rules: z.array(z.string()),
  }),
  example: { productId: 'global_data_10gb' },
  run: ({ productId, currency }, { view }) => {
    const code = currencyOf(view, currency);
    const rate = rewardRateOf(view, code);
    const products =
      productId === undefined
        ? view.products.filter((each) => each.rewardBasisPoints > 0)
        : [productOf(view, productId)];
    const services = products.map(({ id, name, rewardBasisPoints, prices }) => {
      const price = prices.find(({ unit }) => unit === code);
      const reward =
        price &&
        purchaseReward({ paid: fromDecimal(code, price.amount), currency: code, basisPoints: rewardBasisPoints, rate });
      return {
        id,
        name,
        percent: percent(rewardBasisPoints),
        example:
          price && reward !== undefined
            ? { price: { unit: code, amount: price.amount }, reward: toMoney('DOTM', reward) }
            : null,
      };
    });
    const rules = [
      'Counted on what is really paid for goods and services: not on tax, shipping, a discount or a refunded part.',
      'DOTM is a token on Ethereum with a fixed upper limit; it is only ever made as a reward.',
    ];
    const said = services.map(({ name, percent: share, example }) =>
      example ? `${name} ${share} (${inWords(example.price)} earns ${inWords(example.reward)})` : `${name} ${share}`,
    );
    const rates = view.currencies.map((each) => ({ currency: each.code, dotmPerUnit: each.rewardRate }));
    return {
      summary: `Part of what is paid comes back as DOTM: ${listed(said)}. Rates at 100 %: ${listed(
        rates.map((each) => `${each.dotmPerUnit} DOTM for 1 ${each.currency}`),
      )}. ${rules.join(' ')} ${states.join(' ')}`,
      catalogVersion: view.version,
      rates,
      services,
      life: [...states],
      rules,
    };
  },
});
