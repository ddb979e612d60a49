import type { Basket, Shop, Shopper } from '../../support/shopping.ts';

/** Somebody's way along a path, and the backend that does the work meanwhile and may die of it. */
export interface Walker {
  readonly shop: Shop;
  readonly who: Shopper;
  /** Makes an order and opens its payment page. */
  checkout(basket: Basket): Promise<{ orderId: string; checkoutUrl: string }>;
  /** Makes an order of a quote and opens its payment page; tokens pay so many US dollars of it. */
  redeem(quote: string, creditUsd?: string): Promise<{ orderId: string; checkoutUrl: string }>;
  /** Makes an order, pays it by card, and has everything done that follows. */
  buy(basket: Basket): Promise<string>;
  /** Has an operator give money back; all that is left when `usd` is left out. */
  giveBack(orderId: string, usd?: string): Promise<void>;
  /** Has the member look at what another plan costs, and change to it. Gives the order of its charge; null for one that costs nothing. */
  change(productId: string): Promise<string | null>;
  /** Has the member cancel an order. */
  cancel(orderId: string): Promise<void>;
  /** Tells the backend that the person has signed up, as the event of the identity provider does. */
  signUp(): Promise<void>;
  /** Has webhooks delivered and jobs done that are due, and that fall due within `forSeconds`, a minute when left out. */
  work(forSeconds?: number): Promise<void>;
  /** Lets time pass, then has done what the clock asks for and all that is due by then. */
  pass(seconds: number): Promise<void>;
}
