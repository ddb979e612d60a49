import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { buy, join, openOrderId, reachPayment, signInAsOperator } from './support/steps.ts';
import type { Visitor } from './support/visitor.ts';

/** The narrowest phone that is still in use. */
const narrow = { viewport: { width: 360, height: 740 } };

// Nothing of it is said by colour alone, all of it fits, and all of it has a name: measured in light and in dark.
journey(
  'every room that a visitor enters is accessible and fits a narrow phone',
  { screen: 'phone', language: 'fr', context: narrow },
  async (visitor) => {
    for (const path of ['/', '/plans', '/dotm', '/sign-in', '/sign-up', '/no-such-room']) {
      await visitor.goto(path);
      await checkRoom(visitor, path);
    }
    // The description of the API is drawn by Swagger UI, on which we have no hand; the room around it is ours.
    await visitor.goto('/docs/api');
    await visitor.page.locator('.swagger-ui .opblock').first().waitFor();
    await checkRoom(visitor, '/docs/api', ['.swagger-ui']);
  },
);

journey(
  'every room that a member enters is accessible and fits a narrow phone',
  { screen: 'phone', language: 'fr', context: narrow },
  async (visitor) => {
    const { page, say } = visitor;
    await buy(visitor);
    const order = `/orders/${openOrderId(visitor)}`;
    await page.getByRole('link', { name: say('order.toLine') }).click();
    await page.waitForURL('**/esim/lin_**');
    for (const path of [new URL(page.url()).pathname, order, '/orders', '/esim', '/rewards', '/messages', '/account']) {
      await visitor.goto(path);
      await checkRoom(visitor, path);
    }
    await page.getByRole('button', { name: say('account.delete'), exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await checkRoom(visitor, 'the dialog that deletes the account');
    visitor.expectComplaint(/status of 4\d\d/);
    await visitor.goto('/checkout/metal_card');
    await page.getByRole('heading', { level: 1, name: say('checkout.failed') }).waitFor();
    await checkRoom(visitor, 'a checkout that was refused');
  },
);

journey(
  'the player is accessible and fits a narrow phone: as an offer, as a bar over a room, and open with its text',
  { screen: 'phone', language: 'fr', context: narrow },
  async (visitor) => {
    const { page, say } = visitor;
    await join(visitor, '/esim');
    const offer = page.getByTestId('voice-card').getByRole('button', { name: say('voice.play') });
    await offer.waitFor();
    await checkRoom(visitor, '/esim, a message is offered');
    await offer.press('Enter');
    const bar = page.getByTestId('voice-dock');
    await bar.waitFor();
    await shows(() => isNow(bar.getByRole('button').first(), ':focus'), true);
    await bar.and(page.locator('[data-phase="playing"]')).waitFor();
    await checkRoom(visitor, '/esim, a message plays');
    await bar.getByRole('link').click();
    await page.getByTestId('voice-player').getByText(say('voice.text')).click();
    await checkRoom(visitor, '/messages, with the text');
  },
);

journey(
  'the operators’ room is accessible and fits a narrow phone',
  { screen: 'phone', language: 'en', context: narrow },
  async (visitor) => {
    const { page, say } = visitor;
    await signInAsOperator(visitor);
    for (const part of ['alerts', 'differences', 'members', 'voices', 'payments', 'catalogue']) {
      await page.getByRole('radio', { name: say(`operations.part.${part}`) }).check();
      await checkRoom(visitor, `/operations, ${part}`);
    }
    await page
      .getByRole('button', { name: new RegExp(`^${say('catalogue.newDraft')}`) })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: say('catalogue.newDraft') }).click();
    await page.getByRole('heading', { name: say('catalogue.products') }).waitFor();
    await checkRoom(visitor, '/operations, a draft of the catalogue');
    await page
      .getByRole('button', { name: new RegExp(`^${say('catalogue.edit')}`) })
      .first()
      .click();
    await checkRoom(visitor, '/operations, a product of a draft');
    await dialog.getByRole('button', { name: say('catalogue.done') }).click();
    await page.getByRole('button', { name: say('catalogue.publish') }).click();
    await checkRoom(visitor, '/operations, publishing a draft');
  },
);

journey(
  'the keyboard alone leads from the landing page to the payment page',
  { screen: 'desktop', language: 'en' },
  async (visitor) => {
    const { page, say, email, password } = visitor;
    await visitor.goto('/');
    await press(visitor, page.getByRole('link', { name: say('nav.skip') }));
    await press(visitor, page.getByRole('link', { name: say('landing.choose') }));
    await page.getByRole('heading', { level: 1, name: say('plans.title') }).waitFor();
    await press(
      visitor,
      page.getByRole('link', { name: `${say('plans.buy')} ${say('products.global_data_10gb.name')}` }),
    );
    await page.getByRole('heading', { level: 1, name: say('auth.signUpTitle') }).waitFor();
    await tabTo(visitor, page.getByLabel(say('auth.email')));
    await page.keyboard.type(email);
    await tabTo(visitor, page.getByLabel(say('auth.password'), { exact: true }));
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await reachPayment(visitor);
  },
);

journey(
  'after a change of room the keyboard goes on from its heading',
  { screen: 'desktop', language: 'fr' },
  async (visitor) => {
    const { page, say } = visitor;
    await join(visitor);
    await page
      .getByRole('navigation', { name: say('nav.main') })
      .getByRole('link', { name: say('nav.orders') })
      .click();
    const heading = page.getByRole('heading', { level: 1, name: say('orders.title') });
    await heading.waitFor();
    await shows(() => isNow(heading, ':focus'), true);
  },
);

/**
 * Checks the open room with axe in light and, as only colours differ, its contrasts in dark; and that nothing sticks out at the
 * side.
 */
async function checkRoom({ page }: Visitor, room: string, exclude: string[] = []): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  // What is still loading is measured when it is there.
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await painted(page);
    const axe = exclude.reduce((builder, selector) => builder.exclude(selector), new AxeBuilder({ page }));
    // Without frames in our rooms there is nothing to collect from a page of its own, which costs a second each time.
    axe.setLegacyMode();
    if (colorScheme === 'dark') axe.withRules('color-contrast');
    const { violations } = await axe.analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      faults.push(...nodes.map((node) => `${room} ${colorScheme} ${id}: ${node.html} ${String(node.failureSummary)}`));
    }
  }
  const sticksOut = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(faults).toEqual([]);
  expect(sticksOut, `${room} sticks out at the side`).toBe(0);
}

/** Waits until new colours are on the screen and what moves by itself for a while has come to rest. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => {
    const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(passing.map(({ finished }) => finished)).then(() => undefined);
  })`);
}

/** Presses Tab until `target` has the focus, as a person without a mouse does, and sees that the focus shows. */
async function tabTo({ page }: Visitor, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await isNow(target, ':focus')) {
      expect(await isNow(target, ':focus-visible')).toBe(true);
      return;
    }
  }
  throw new Error(`the Tab key never reaches ${String(target)}`);
}

async function press(visitor: Visitor, target: Locator): Promise<void> {
  await tabTo(visitor, target);
  await visitor.page.keyboard.press('Enter');
}

async function isNow(target: Locator, selector: string): Promise<boolean> {
  return (await target.and(target.page().locator(selector)).count()) > 0;
}
