import { z } from 'zod';
import { countryName } from '../../../domain/places/country-name.ts';
import { tripUses } from '../../../domain/trips/data-need.ts';
import {
  recommendTrip as recommend,
  type TripAnswer,
  type TripPlan,
  type TripReason,
} from '../../../domain/trips/recommend-trip.ts';
import type { Currency } from '../../../shared/money.ts';
import { toMoney } from '../../../shared/money.ts';
import { countryOf } from '../country.ts';
import {
  currencyArgument,
  currencyOf,
  membershipArgument,
  membershipOf,
  placeArgument,
  productIdArgument,
  productOf,
} from '../lookups.ts';
import { amountSchema } from '../service-view.ts';
import { CannotAnswer, declareTool, type ToolContext } from '../tool.ts';
import { dataInWords, inWords, listed } from '../words.ts';

const planSchema = z.object({
  items: z
    .array(z.object({ productId: z.string(), cycle: z.string(), quantity: z.int() }))
    .describe('Pass these to get_quote as they are.'),
  dueNow: amountSchema,
  usableData: z.string().describe('What of it can be used on this trip.'),
});

const answerSchema = z.object({
  summary: z.string(),
  catalogVersion: z.int(),
  status: z
    .enum(['recommended', 'nothing_needed', 'not_served', 'too_much'])
    .describe('nothing_needed: tell the person not to buy. too_much: more than one order holds.'),
  neededData: z.string().nullable(),
  plan: planSchema.nullable(),
  notes: z.array(z.string()).describe('What the person should know. Tell them.'),
  alternatives: z.array(z.object({ why: z.string(), plan: planSchema })),
  notServed: z.array(z.string()).describe('ISO codes of countries of the trip where nothing is sold.'),
});

const noteFor: Readonly<Record<TripReason, string>> = {
  starter_is_enough: 'The smallest product is enough.',
  expires: 'Part of this data ends by the end of the trip; what is left then is gone.',
  free_roaming_likely:
    'A contract from their home country most likely works there at no extra charge: they should look at it before they buy.',
  part_not_served: 'It does not work in every country of the trip.',
};

const alternativeFor = {
  no_expiry: 'Does not expire: what is left can be used on the next trip.',
  more_room: 'Half as much data again.',
} as const;

/** Recommends the least that is enough for a trip. */
export const recommendTrip = declareTool({
  name: 'recommend_trip',
  title: 'Recommend for a trip',
  description:
    'Recommends the cheapest choice that is enough for a trip: by countries, days and how much the phone is used. It says so when the smallest product is enough or nothing needs to be bought. Use it when somebody tells you about a trip. Ask for the days and the use when you do not know them; a home country helps to say when their own contract is enough.',
  input: z.strictObject({
    countries: z.array(placeArgument).min(1).max(20).describe('Each country of the trip; larger cities work too.'),
    days: z.int().min(1).max(365).describe('Length of the trip in days.'),
    use: z
      .enum(tripUses)
      .optional()
      .describe(
        'light: maps, messages, mail (0.1 GB a day). normal: pictures and web pages too (0.3 GB). heavy: calls with pictures and videos too (1 GB).',
      ),
    gigabytes: z
      .number()
      .min(0)
      .max(1000)
      .optional()
      .describe('Data for the whole trip, when the person names it. Instead of use.'),
    currency: currencyArgument,
    membership: membershipArgument,
    home: placeArgument.optional().describe('Where their own contract is from.'),
    alreadyHad: z
      .array(productIdArgument)
      .max(10)
      .optional()
      .describe('Ids of services sold once to each person that this person has had before.'),
  }),
  output: answerSchema,
  example: { countries: ['Italy', 'Austria'], days: 7, use: 'normal' },
  run: ({ countries, days, use, gigabytes, currency, membership, home, alreadyHad }, context) => {
    const { view } = context;
    if (use !== undefined && gigabytes !== undefined) throw new CannotAnswer('Give either use or gigabytes, not both.');
    const code = currencyOf(view, currency);
    const answer = recommend(view, {
      countries: [...new Set(countries.map(countryOf))],
      days,
      use: gigabytes === undefined ? (use ?? 'normal') : { gigabytes },
      currency: code,
      membershipId: membershipOf(view, membership),
      home: home === undefined ? null : countryOf(home),
      alreadyHad: (alreadyHad ?? []).map((id) => productOf(view, id).id),
    });
    return answerOf(answer, context, code);
  },
});

function answerOf(answer: TripAnswer, { view }: ToolContext, currency: Currency): z.input<typeof answerSchema> {
  const empty = {
    catalogVersion: view.version,
    neededData: null,
    plan: null,
    notes: [],
    alternatives: [],
    notServed: [],
  };
  switch (answer.kind) {
    case 'nothing_needed': {
      const summary =
        answer.reason === 'at_home'
          ? 'Nothing needs to be bought: the trip stays in the country where their contract is from.'
          : 'Nothing needs to be bought: no data is needed.';
      return { ...empty, summary, status: answer.kind };
    }
    case 'not_served': {
      const names = answer.countries.map((country) => countryName(country, 'en'));
      const summary = `Nothing is sold for ${listed(names)}. Say so, and recommend nothing.`;
      return { ...empty, summary, status: answer.kind, notServed: [...answer.countries] };
    }
    case 'too_much': {
      const neededData = dataInWords(String(answer.neededBytes));
      const summary = `${neededData} is more than one order can hold. Ask whether less is enough, or plan several orders.`;
      return { ...empty, summary, status: answer.kind, neededData };
    }
    case 'recommended': {
      const neededData = dataInWords(String(answer.neededBytes));
      const without = answer.notServed.map((country) => countryName(country, 'en'));
      const notes = [
        ...answer.reasons.map((reason) => noteFor[reason]),
        ...(without.length === 0 ? [] : [`Nothing is sold for ${listed(without)}.`]),
      ];
      const alternatives = answer.alternatives.map(({ why, plan }) => ({
        why: alternativeFor[why],
        plan: planOf(plan, currency),
      }));
      const others = alternatives.map(({ why, plan }) => `Or ${inWords(plan.dueNow)}: ${planInWords(plan)}. ${why}`);
      const plan = planOf(answer.plan, currency);
      return {
        summary: [
          `About ${neededData} is needed. The cheapest that is enough: ${planInWords(plan)}, ${inWords(plan.dueNow)} before tax.`,
          ...notes,
          ...others,
        ].join(' '),
        catalogVersion: view.version,
        status: answer.kind,
        neededData,
        plan,
        notes,
        alternatives,
        notServed: [...answer.notServed],
      };
    }
  }
}

function planOf({ items, price, usableBytes }: TripPlan, currency: Currency): z.input<typeof planSchema> {
  return {
    items: items.map(({ productId, cycle, quantity }) => ({ productId, cycle, quantity })),
    dueNow: toMoney(currency, price.dueNow),
    usableData: dataInWords(String(usableBytes)),
  };
}

function planInWords({ items }: z.input<typeof planSchema>): string {
  return listed(items.map(({ productId, quantity }) => `${String(quantity)} x ${productId}`));
}
