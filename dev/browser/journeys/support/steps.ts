import type { Locator } from 'playwright-core';
import type { OrderState } from '../../../../functions/src/shared/order.ts';
import { textsOf } from '../../../../sandbox/src/stripe/pages/texts.ts';
import { OPERATOR } from '../../../operator.ts';
import { testWorld } from '../../test-world.ts';
import type { Visitor } from './visitor.ts';

/** Test cards by what they do. */
export const CARDS = {
  succeeds: '4242 4242 4242 4242',
  declines: '4000 0000 0000 0002',
  asksEachTime: '4000 0027 6000 3184',
} as const;

/** What the steps buy unless a journey needs another product. */
export const PRODUCT = 'global_data_10gb';

const paymentPages = new RegExp(`:${String(testWorld().ports.sandboxStripe)}/c/pay/`);

/** Fills in the form of the sign-up page and sends it. */
export async function signUp({ page, say, email, password }: Visitor): Promise<void> {
  // The sign-in page has fields of the same names, and leaves a moment after its address.
  await page.getByRole('heading', { level: 1, name: say('auth.signUpTitle') }).waitFor();
  await page.getByLabel(say('auth.email')).fill(email);
  await page.getByLabel(say('auth.password'), { exact: true }).fill(password);
  await page.locator('form button[type=submit]').click();
}

/** Makes an account and waits on the page `next`. */
export async function join(visitor: Visitor, next = '/account'): Promise<void> {
  await visitor.goto(`/sign-up?next=${encodeURIComponent(next)}`);
  await signUp(visitor);
  await visitor.page.waitForURL(`**${next}`);
}

/** Signs in with a password; ends where the app leads after that. */
export async function signIn(visitor: Visitor, who: { email: string; password: string } = visitor): Promise<void> {
  await visitor.goto('/sign-in');
  await fillSignIn(visitor, who);
  await visitor.page.waitForURL('**/esim');
}

/** Fills in the sign-in form and sends it. */
export async function fillSignIn(visitor: Visitor, who: { email: string; password: string } = visitor): Promise<void> {
  const { page, say } = visitor;
  await page.getByLabel(say('auth.email')).fill(who.email);
  await page.getByLabel(say('auth.password'), { exact: true }).fill(who.password);
  await page
    .locator('form')
    .getByRole('button', { name: say('auth.signIn'), exact: true })
    .click();
}

/** Signs in as the operator whom every local world has, and opens the operators' room. */
export async function signInAsOperator(visitor: Visitor): Promise<void> {
  await visitor.goto('/sign-in?next=%2Foperations');
  await fillSignIn(visitor, OPERATOR);
  await visitor.page.getByRole('heading', { level: 1, name: visitor.say('operations.title') }).waitFor();
}

/** Makes an account on the way to buying and waits for the payment page. Returns the id of the payment session. */
export async function joinAndCheckOut(visitor: Visitor, product: string = PRODUCT): Promise<string> {
  await visitor.goto(`/sign-up?next=${encodeURIComponent(`/checkout/${product}`)}`);
  await signUp(visitor);
  return reachPayment(visitor);
}

/** Waits for the payment page and returns the id of its session. */
export async function reachPayment({ page, visit }: Visitor): Promise<string> {
  await page.waitForURL(paymentPages);
  await page.getByLabel(textsOf(visit.language).cardNumber).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Types a card into the payment page and pays. */
export async function payWith({ page, visit }: Visitor, card: string): Promise<void> {
  const texts = textsOf(visit.language);
  // Only there when another way of paying could be chosen.
  const choice = page.getByRole('radio', { name: texts.card, exact: true });
  if ((await choice.count()) > 0) await choice.check();
  await page.getByLabel(texts.cardNumber).fill(card);
  await page.getByLabel(texts.expiry).fill('12/40');
  await page.getByLabel(texts.cvc).fill('123');
  await page.getByLabel(texts.name).fill('Ada Traveller');
  await page.locator('#pay').click();
}

/** The card with the order's state, once it is one of `states`. */
export async function untilOrder({ page }: Visitor, ...states: OrderState[]): Promise<Locator> {
  const shown = page.locator(states.map((state) => `[data-testid=order-state][data-state=${state}]`).join(', '));
  await shown.waitFor();
  return shown;
}

/** A step of the order's timeline. */
export function timelineStep({ page }: Visitor, kind: string): Locator {
  return page.getByTestId(`timeline-${kind}`);
}

/** Id of the order whose page is open. */
export function openOrderId({ page }: Visitor): string {
  const id = /\/orders\/(ord_[a-z0-9]+)/.exec(page.url())?.[1];
  if (id === undefined) throw new Error(`no order's page: ${page.url()}`);
  return id;
}

/** Buys by the shortest way: account, payment page, card that succeeds; ends on the order's page with the eSIM ready. */
export async function buy(visitor: Visitor, product: string = PRODUCT): Promise<void> {
  await joinAndCheckOut(visitor, product);
  await payWith(visitor, CARDS.succeeds);
  await visitor.page.waitForURL('**/orders/ord_**');
  await untilOrder(visitor, 'released', 'active');
}
