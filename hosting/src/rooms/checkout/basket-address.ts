import { z } from 'zod';
import { cycleSchema, productIdSchema } from '../../../../functions/src/shared/api/catalog.ts';
import { isCurrency } from '../../../../functions/src/shared/money.ts';
import type { Currency } from '../../../../functions/src/shared/money.ts';

type Cycle = z.infer<typeof cycleSchema>;

/** One position of a basket. */
export interface BasketItem {
  productId: string;
  cycle: Cycle;
  quantity: number;
}

/** A basket as an address can name it. */
export interface AddressedBasket {
  items: BasketItem[];
  currency: Currency;
  code: string | null;
}

/** The address that prices a basket and offers to pay it: `/checkout?items=network_vpn.monthly,global_data_10gb.one_time.2&currency=USD`. */
export function basketPath({ items, currency, code }: AddressedBasket): string {
  const named = items.map(({ productId, cycle, quantity }) =>
    quantity === 1 ? `${productId}.${cycle}` : `${productId}.${cycle}.${String(quantity)}`,
  );
  const query = new URLSearchParams({ items: named.join(','), currency, ...(code === null ? {} : { code }) });
  return `/checkout?${query.toString()}`;
}

const positionSchema = z.tuple([productIdSchema, cycleSchema, z.coerce.number().int().min(1).max(10)]);

/** Reads a basket out of an address; null where it names none. A currency that is missing or none is left to the caller. */
export function readBasket(search: URLSearchParams, currency: Currency): AddressedBasket | null {
  const positions = (search.get('items') ?? '').split(',').map((text) => {
    const [productId, cycle, quantity = '1', ...rest] = text.split('.');
    return rest.length > 0 ? null : positionSchema.safeParse([productId, cycle, quantity]);
  });
  const items = positions.flatMap((position) =>
    position?.success ? [{ productId: position.data[0], cycle: position.data[1], quantity: position.data[2] }] : [],
  );
  if (items.length === 0 || items.length < positions.length) return null;
  const wanted = search.get('currency') ?? '';
  return { items, currency: isCurrency(wanted) ? wanted : currency, code: search.get('code') };
}

/** The address that opens a quote. */
export function quotePath(quote: string): string {
  return `/checkout?${new URLSearchParams({ quote }).toString()}`;
}
