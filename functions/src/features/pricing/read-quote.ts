import type { Handler } from '../../platform/operations.ts';
import { verifyQuote } from '../../platform/quotes/verify-quote.ts';
import { viewQuote } from './view-quote.ts';

/** What a quote says. Throws `quote.altered` and `quote.expired`. */
export const readQuote: Handler<'readQuote'> = async ({ services }, { quote }) =>
  viewQuote(services, await verifyQuote(services.quoteKeys(), quote, services.clock.now()));
