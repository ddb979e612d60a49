import { expect } from 'vitest';
import { testWorld } from '../test-world.ts';
import { journey } from './support/journey.ts';
import { buy, openOrderId, signUp, untilOrder } from './support/steps.ts';
import type { Visitor } from './support/visitor.ts';

// The server answers for what is not theirs as for what does not exist; the browser notes each such answer.
const notFound = /status of 404/;

journey(
  'signing out leaves nothing of a member on the device: not behind the back button, not for the next account',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say } = visitor;
    await buy(visitor);
    const secrets = await secretsOf(visitor);
    await signOut(visitor);
    for (let step = 0; step < 3; step += 1) {
      await page.goBack().catch(() => null);
      await expectNothingOf(secrets, visitor);
    }
    expect(await keptOnDevice(visitor)).toEqual([]);

    await visitor.goto('/sign-up');
    await signUp({ ...visitor, email: `second-${visitor.email}` });
    await page.waitForURL('**/esim');
    await page.getByText(say('esim.emptyTitle')).waitFor();
    await expectNothingOf(secrets, visitor);
    await visitor.goto('/orders');
    await page.getByText(say('orders.emptyTitle')).waitFor();
    visitor.expectComplaint(notFound);
    for (const path of secrets.pages) await expectNotFound(visitor, path);
  },
);

journey(
  'nobody else can open the page of a member’s order or eSIM: it answers as one that does not exist',
  { screen: 'desktop', language: 'fr' },
  async (owner, open) => {
    await buy(owner);
    const secrets = await secretsOf(owner);
    const other = await open({ screen: 'desktop', language: 'fr' });
    await other.goto(secrets.pages[0] ?? '');
    await other.page.waitForURL('**/sign-in?**');
    await other.page.getByRole('link', { name: other.say('auth.toSignUp') }).click();
    await other.page.waitForURL('**/sign-up?**');
    other.expectComplaint(notFound);
    await signUp(other);
    await other.page.getByText(other.say('notFound.title')).waitFor();
    for (const path of [...secrets.pages, '/orders/ord_01hzzzzzzzzzzzzzzzzzzzzzzz', '/orders/nonsense', '/operations'])
      await expectNotFound(other, path);
    await owner.goto(secrets.pages[0] ?? '');
    await untilOrder(owner, 'released', 'active');
  },
);

interface Secrets {
  /** What must never show. */
  texts: string[];
  pages: string[];
}

async function secretsOf(visitor: Visitor): Promise<Secrets> {
  const { page, say, email } = visitor;
  const order = openOrderId(visitor);
  const matchingId = (await page.getByTestId('matching-id').textContent()) ?? '';
  await page.getByRole('link', { name: say('order.toLine') }).click();
  await page.waitForURL('**/esim/lin_**');
  return { texts: [email, matchingId], pages: [`/orders/${order}`, new URL(page.url()).pathname] };
}

async function signOut({ page, say, ...visitor }: Visitor): Promise<void> {
  await visitor.goto('/account');
  await page.getByRole('button', { name: say('account.signOut') }).click();
  await page.getByRole('heading', { level: 1, name: say('landing.headline') }).waitFor();
  await page
    .getByRole('link', { name: say('nav.signIn') })
    .first()
    .waitFor();
}

async function expectNothingOf({ texts }: Secrets, { page }: Visitor): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  // The payment page is another company's: what it keeps behind the back button is not ours to clear.
  if (!page.url().startsWith(testWorld().urls.web)) return;
  const shown = await page.locator('body').innerText();
  for (const text of texts) expect(shown).not.toContain(text);
}

async function expectNotFound({ page, say, ...visitor }: Visitor, path: string): Promise<void> {
  await visitor.goto(path);
  await page.getByRole('heading', { level: 1, name: say('notFound.title') }).waitFor();
}

/** What is left on the device: Firestore's caches, and the answers that the app keeps for a time without network. */
function keptOnDevice({ page }: Visitor): Promise<unknown> {
  return page.evaluate(
    `indexedDB.databases().then((all) => [
      ...all.map(({ name }) => name).filter((name) => name.startsWith('firestore/')),
      ...Object.keys(localStorage).filter((key) => /^dotm\\.(kept|seen)\\./.test(key)),
    ])`,
  );
}
