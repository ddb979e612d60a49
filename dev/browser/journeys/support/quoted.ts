import { shows } from './eventually.ts';
import { CARDS, payWith, reachPayment, signUp, untilOrder } from './steps.ts';
import type { Visitor } from './visitor.ts';

/** Opens a checkout link that somebody was sent. */
export function openLink(visitor: Visitor, checkoutUrl: string): Promise<void> {
  const { pathname, search } = new URL(checkoutUrl);
  return visitor.goto(pathname + search);
}

/** Signs up out of the open checkout and pays, seeing the price `shown` before and after; ends on the order's page with all delivered. */
export async function payAsShown(visitor: Visitor, shown: string): Promise<void> {
  const { page, say } = visitor;
  const dueNow = () => page.getByTestId('due-now').textContent();
  await shows(dueNow, shown);
  await page.getByRole('link', { name: say('checkout.signInToPay') }).click();
  await signUp(visitor);
  await shows(dueNow, shown);
  await page.getByRole('button', { name: say('checkout.pay') }).click();
  await reachPayment(visitor);
  await payWith(visitor, CARDS.succeeds);
  await untilOrder(visitor, 'released', 'active');
}
