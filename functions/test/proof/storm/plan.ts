import type { Currency } from '../../../src/shared/money.ts';
import type { Chance } from './chance.ts';

/** How somebody pays, or does not. */
export type Payment =
  'card' | 'declined card, then card' | 'challenged card' | 'debit that comes' | 'debit that bounces' | 'leaves';

/** What happens to a payment right after it, before anybody here has heard of it. */
export type AtOnce = 'nothing' | 'part back' | 'all back';

/** What happens to an order once it was delivered. One thing for an order: two would be told apart by which was heard of first. */
export type Later =
  | 'nothing'
  | 'parts back'
  | 'all back'
  | 'refund that the bank returns'
  | 'part back by an operator'
  | 'all back by an operator'
  | 'dispute left open'
  | 'dispute won'
  | 'dispute lost'
  | 'renewed'
  | 'renewed twice'
  | 'renewal that fails'
  | 'renewal that fails, then comes'
  | 'cancelled for the end, then ended';

/** An order that somebody is going to make. */
export interface Wish {
  uid: string;
  currency: Currency;
  items: { productId: string; quantity: number }[];
  isSubscription: boolean;
  payment: Payment;
  atOnce: AtOnce;
  later: Later;
}

const cards: Payment[] = ['card', 'card', 'card', 'declined card, then card', 'challenged card'];
const others: Payment[] = ['debit that comes', 'debit that bounces', 'leaves'];
const laterOfGoods: Later[] = [
  ...(['nothing', 'nothing', 'nothing', 'nothing', 'parts back', 'all back', 'refund that the bank returns'] as const),
  ...([
    'part back by an operator',
    'all back by an operator',
    'dispute left open',
    'dispute won',
    'dispute lost',
  ] as const),
];
const laterOfTime: Later[] = [
  ...(['renewed', 'renewed', 'renewed twice', 'renewal that fails', 'renewal that fails, then comes'] as const),
  ...(['cancelled for the end, then ended', 'all back', 'dispute lost', 'all back by an operator'] as const),
];
const features = ['network_security', 'network_optimization', 'network_monitoring', 'network_vpn', 'network_priority'];

/** What so many people are going to buy, pay and regret. */
export function planLives(chance: Chance, people: number): Wish[] {
  return Array.from({ length: people }, (_, index) => lifeOf(chance, `member-${String(index)}`)).flat();
}

function lifeOf(chance: Chance, uid: string): Wish[] {
  const currency: Currency = chance.next() < 0.7 ? 'USD' : 'CAD';
  const wishes = [goods(chance, uid, currency, chance.next() < 0.3 ? 'esim_starter' : 'global_data_10gb')];
  if (chance.next() < 0.5) wishes.push(goods(chance, uid, currency, 'global_data_10gb'));
  if (chance.next() < 0.75) wishes.push(time(chance, uid, currency));
  return wishes;
}

function goods(chance: Chance, uid: string, currency: Currency, productId: string): Wish {
  const quantity = productId === 'esim_starter' ? 1 : chance.pick([1, 1, 2, 3]);
  const payment = chance.next() < 0.8 ? chance.pick(cards) : chance.pick(others);
  const isPaid = payment !== 'debit that bounces' && payment !== 'leaves';
  const atOnce = isPaid && chance.next() < 0.15 ? chance.pick(['part back', 'all back'] as const) : 'nothing';
  const later = isPaid && atOnce === 'nothing' ? chance.pick(laterOfGoods) : 'nothing';
  const items = [{ productId, quantity }];
  return { uid, currency, items, isSubscription: false, payment, atOnce, later };
}

function time(chance: Chance, uid: string, currency: Currency): Wish {
  const ids = chance.next() < 0.4 ? ['basic_membership'] : chance.shuffle(features).slice(0, chance.pick([1, 1, 2]));
  const items = ids.map((productId) => ({ productId, quantity: 1 }));
  const later = chance.pick(laterOfTime);
  return { uid, currency, items, isSubscription: true, payment: chance.pick(cards), atOnce: 'nothing', later };
}
