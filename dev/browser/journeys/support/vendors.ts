import { asCurrency, toMoney, type Currency, type Money } from '../../../../functions/src/shared/money.ts';
import { ControlClient } from '../../../../sandbox/src/control-client.ts';
import type { Mail } from '../../../../sandbox/src/mail/inbox.ts';
import { StripeControl } from '../../../../sandbox/src/stripe/stripe-control.ts';
import { testWorld } from '../../test-world.ts';
import { eventually } from './eventually.ts';

/** Steers the sandbox of the test world. */
export const sandbox = new ControlClient(testWorld().urls.sandbox);

/** Steers its Stripe. */
export const stripe = new StripeControl(sandbox);

/** Waits for a mail to `email` whose subject fits, and reads it whole. */
export function mailTo(email: string, subject: RegExp): Promise<Mail> {
  return eventually(`a mail to ${email} about ${String(subject)}`, async () => {
    const found = (await sandbox.mail({ to: email })).find((mail) => subject.test(mail.subject));
    return found === undefined ? undefined : sandbox.readMail(found.id);
  });
}

/** Returns the Stripe customer of a member. */
export function customerOf(email: string): Promise<{ id: string; email: string | null }> {
  return eventually(`the Stripe customer of ${email}`, async () =>
    (await stripe.list<{ id: string; email: string | null }>('customers')).find((one) => one.email === email),
  );
}

/** Returns the newest object of a kind that belongs to a customer (`subscriptions`, `charges`, `sessions`). */
export function newestOf<T extends { customer: unknown }>(
  kind: string,
  customerId: string,
): Promise<T & { id: string }> {
  return eventually(`${kind} of ${customerId}`, async () =>
    (await stripe.list<T & { id: string }>(kind)).find((one) => one.customer === customerId),
  );
}

/** What Stripe has charged to the cards of the member with this address, newest first. */
export async function chargesOf(email: string): Promise<Money<Currency>[]> {
  const { id } = await customerOf(email);
  const charges = await stripe.list<{ customer: unknown; amount: number; currency: string }>('charges');
  return charges
    .filter(({ customer }) => customer === id)
    .map(({ amount, currency }) => toMoney(asCurrency(currency.toUpperCase()), BigInt(amount)));
}

/** Returns the carrier's lines of the member with this address. */
export async function carrierLinesOf(email: string): ReturnType<ControlClient['oxioLines']> {
  const users = await sandbox.oxioEndUsers();
  const user = users.find((one) => one.email === email);
  return user === undefined ? [] : sandbox.oxioLines(user.endUserId);
}
