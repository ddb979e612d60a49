import type { z } from 'zod';
import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import type { createPromotion as operation } from '../../shared/api/promotions.ts';
import { CodedError } from '../../shared/errors.ts';
import { fromMoney, type Currency } from '../../shared/money.ts';
import { readCatalog, type Catalog } from '../../store/catalog.ts';
import { insertPromotion } from '../../store/promotions.ts';
import { viewPromotion } from './view-promotion.ts';

type Wish = z.output<typeof operation.input>;

/** Makes a promotion. Throws `request.invalid` naming the field, and `promotion.exists` for a code that was made before, running or not. */
export const createPromotion: Handler<'createPromotion'> = async ({ services, identity, role }, wish) => {
  const now = services.clock.now();
  const catalog = await readCatalog(services.db, now);
  const { code, note, maxRedemptions, maxPerPerson } = wish;
  const what = { ...readOff(wish, catalog), productIds: readProducts(wish, catalog), ...readSpan(wish, now) };
  return services.db.transaction(async (tx) => {
    const promotion = { code, ...what, maxRedemptions, maxPerPerson, note, createdAt: now, createdBy: identity.uid };
    if (!(await insertPromotion(tx, promotion)))
      throw new CodedError('promotion.exists', `there is a promotion ${code}`);
    const { basisPoints } = what;
    const detail = { basisPoints, amounts: what.amounts.length, maxRedemptions, maxPerPerson };
    await audit(tx, { actor: identity.uid, role, action: 'promotion.created', subject: code, detail }, now);
    return viewPromotion({ ...promotion, endedAt: null, reserved: 0, redeemed: 0 });
  });
};

function readOff(
  { basisPoints, amounts }: Wish,
  catalog: Catalog,
): { basisPoints: number | null; amounts: { currency: Currency; minor: bigint }[] } {
  if ((basisPoints === undefined) === (amounts === undefined)) {
    throw invalid('basisPoints', 'give either basisPoints or amounts');
  }
  if (amounts === undefined) return { basisPoints: basisPoints ?? null, amounts: [] };
  const read = amounts.map((money, index) => {
    if (!catalog.currencies.some(({ code }) => code === money.unit)) {
      throw invalid(`amounts.${index}.unit`, `nothing is sold in ${money.unit}`);
    }
    return { currency: money.unit, minor: readAmount(money, index) };
  });
  const twice = read.findIndex(({ currency }, index) => read.slice(0, index).some((one) => one.currency === currency));
  if (twice >= 0) throw invalid(`amounts.${twice}.unit`, 'names a currency twice');
  return { basisPoints: null, amounts: read };
}

function readAmount(money: { unit: Currency; amount: string }, index: number): bigint {
  try {
    const amount = fromMoney(money);
    if (amount > 0n) return amount;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw invalid(`amounts.${index}.amount`, `must be above zero, with no more decimals than ${money.unit} has`);
}

function readProducts({ productIds }: Wish, catalog: Catalog): string[] | null {
  const unknown = productIds?.findIndex((id) => !catalog.products.some((product) => product.id === id)) ?? -1;
  if (unknown >= 0) throw invalid(`productIds.${unknown}`, 'is not in the catalogue');
  return productIds === null ? null : [...new Set(productIds)];
}

function readSpan({ startsAt, endsAt }: Wish, now: Date): { startsAt: Date; endsAt: Date | null } {
  const start = startsAt === undefined ? now : new Date(startsAt);
  const end = endsAt === null ? null : new Date(endsAt);
  if (end !== null && (end <= start || end <= now)) throw invalid('endsAt', 'must lie after the start, and ahead');
  return { startsAt: start, endsAt: end };
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field}: ${problem}`, { fields: [{ field, problem }] });
}
