import type { Handler } from '../../platform/operations.ts';
import { priceWish, viewToday } from './price-wish.ts';

/** What a basket costs today. Nothing is kept; `createQuote` keeps a price. */
export const priceBasket: Handler<'priceBasket'> = async (context, basket) =>
  viewToday(context, await priceWish(context, basket));
