import type { Handler } from '../../platform/operations.ts';
import { offerQuote } from './offer-quote.ts';

/** A price that is kept for 30 minutes, with the link that opens it in the web app. */
export const createQuote: Handler<'createQuote'> = async (context, basket) => offerQuote(context, basket);
