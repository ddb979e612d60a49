import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { shows } from './support/eventually.ts';
import { journey, type OpenVisitor } from './support/journey.ts';
import { mailedLink } from './support/mailed-link.ts';
import { balanceOnChain, letDaysPass, stateLiabilitiesAnew, useUpNextNumber } from './support/rewards.ts';
import { buy, CARDS, payWith, PRODUCT, reachPayment, signInAsOperator, untilOrder } from './support/steps.ts';
import { mailTo } from './support/vendors.ts';
import type { Visitor } from './support/visitor.ts';
import { bringWallet } from './support/wallet.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** 103.066 DOTM in wei. */
const paid = 103_066n * 10n ** 15n;

journey(
  'what was earned becomes the member’s, goes to their own wallet, is on the chain and proven; a refund takes back its share and no more',
  { screen: 'desktop', language: 'en' },
  async (member, open) => {
    const { page, say, email } = member;
    const account = await bringWallet(member.context);
    await earn(member);
    // 10.33 % of twenty dollars, and what the first thousand members get.
    await untilTokens(member, 'pending', '102.066 DOTM');
    await letDaysPass(email, 15);
    await page.reload();
    // The window has closed, which brings the reward of a new member as well.
    await untilTokens(member, 'vested', '103.066 DOTM');
    await untilTokens(member, 'pending', '0 DOTM');

    await linkWallet(member);
    await mailTo(email, /wallet/i);

    const payer = await openPayments(open);
    await planPayment(payer);
    await payer.page.getByRole('status').getByText(payer.say('payments.state.done')).waitFor();
    await shows(() => balanceOnChain(account), paid);
    await untilTokens(member, 'paid', '103.066 DOTM');
    await untilTokens(member, 'vested', '0 DOTM');
    await mailTo(email, /DOTM/);
    await page
      .getByRole('button', { name: /How .* came about/ })
      .first()
      .click();
    await page
      .getByText(/Block \d/)
      .first()
      .waitFor();

    await buyAgain(member);
    await member.goto('/rewards');
    await untilTokens(member, 'pending', '2.066 DOTM');
    await stateLiabilitiesAnew();
    await page.reload();
    await verifyOffline(member);

    const operator = await open({ screen: 'desktop', language: 'en' });
    await refundNewest(operator, email);
    await untilTokens(member, 'pending', '0 DOTM');
    expect(await balanceOnChain(account)).toBe(paid);
    await page.getByText(say('rewards.history.reversed')).first().waitFor();
  },
  { alone: true },
);

journey(
  'a payment whose number a thief has used is in conflict; an operator gives its tokens back, and the next payment brings them',
  { screen: 'phone', language: 'en' },
  async (member, open) => {
    const { email } = member;
    const account = await bringWallet(member.context);
    await earn(member);
    await untilTokens(member, 'pending', '102.066 DOTM');
    await letDaysPass(email, 15);
    await member.page.reload();
    await untilTokens(member, 'vested', '103.066 DOTM');
    await linkWallet(member);

    const batch = String(await useUpNextNumber());
    const operator = await openPayments(open);
    const { page, say } = operator;
    await planPayment(operator);
    await page.getByRole('status').getByText(say('payments.state.failed')).waitFor();
    await page.getByText(say('payments.conflict')).waitFor();
    await page
      .getByRole('button', { name: `${say('payments.release')} ${say('payments.releaseWhich', { batch })}` })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('operations.reason')).fill('the key was stolen and is replaced');
    await dialog.getByRole('button', { name: /^Give .* DOTM back$/ }).click();
    await page.getByText('the key was stolen and is replaced').waitFor();
    // The button that opened the dialog is gone: the keyboard goes on at the payment.
    await page.locator('.run-name:focus').waitFor();
    expect(await balanceOnChain(account)).toBe(0n);

    await page.getByRole('button', { name: say('payments.all') }).click();
    await planPayment(operator);
    await page.getByRole('status').getByText(say('payments.state.done')).waitFor();
    await shows(() => balanceOnChain(account), paid);
    await untilTokens(member, 'paid', '103.066 DOTM');
  },
  { alone: true },
);

/** Waits until the page shows so many tokens in one place. */
async function untilTokens({ page }: Visitor, place: 'vested' | 'pending' | 'paid', amount: string): Promise<void> {
  await shows(async () => (await page.getByTestId(`reward-${place}`).textContent())?.replace('\u00a0', ' '), amount);
}

/** Signs up, buys, and opens the rewards that come of it; their address is verified. */
async function earn(member: Visitor): Promise<void> {
  const { page, email } = member;
  await buy(member);
  await page.goto(await mailedLink(email, 'VERIFY_EMAIL'));
  await page.waitForURL('**/account');
  await member.goto('/rewards');
}

/** Links the wallet that the visitor's browser has. */
async function linkWallet({ page, say }: Visitor): Promise<void> {
  await page.getByRole('button', { name: say('wallet.link') }).click();
  await page.getByRole('button', { name: 'Traveller’s wallet' }).click();
  await page.getByTestId('wallet-card').getByText(say('wallet.linked')).waitFor();
}

/** Opens an operator's room of payments. */
async function openPayments(open: OpenVisitor): Promise<Visitor> {
  const operator = await open({ screen: 'desktop', language: 'en' });
  await signInAsOperator(operator);
  await operator.page.getByRole('radio', { name: operator.say('operations.part.payments') }).check();
  return operator;
}

/** Has an operator plan a payment in their room of payments, which then shows it. */
async function planPayment({ page, say }: Visitor): Promise<void> {
  await page.getByRole('button', { name: say('payments.plan') }).click();
  await page.getByText(say('payments.goesOut')).waitFor();
  await page.getByRole('button', { name: /^Plan .* DOTM for/ }).click();
}

/** Buys once more, signed in; ends on the order's page. */
async function buyAgain(member: Visitor): Promise<void> {
  await member.goto(`/checkout/${PRODUCT}`);
  await reachPayment(member);
  await payWith(member, CARDS.succeeds);
  await member.page.waitForURL('**/orders/ord_**');
  await untilOrder(member, 'released', 'active');
}

/** Downloads the proof and has it checked by the command line and by the page that was saved, both without a network. */
async function verifyOffline(member: Visitor): Promise<void> {
  const { page, say, context } = member;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: say('proof.download') }).click(),
  ]);
  const file = await download.path();
  const { stdout } = await promisify(execFile)(process.execPath, ['verifier/cli.ts', file], { cwd: ROOT });
  expect(stdout).not.toMatch(/fail/i);
  const saved = await context.newPage();
  await saved.goto('/verify/');
  await context.setOffline(true);
  await saved.locator('input[type=file]').setInputFiles(file);
  await saved.locator('[data-verdict]').waitFor();
  expect(await saved.locator('[data-verdict]').getAttribute('data-verdict')).toBe('passed');
  await context.setOffline(false);
  await saved.close();
}

/** Refunds the newest order of a member whole, as an operator does. */
async function refundNewest(operator: Visitor, email: string): Promise<void> {
  const { page, say } = operator;
  await signInAsOperator(operator);
  await page.getByRole('radio', { name: say('operations.part.members') }).check();
  await page.getByLabel(say('operations.find')).fill(email);
  await page.getByRole('button', { name: say('operations.look') }).click();
  await page
    .getByRole('button', { name: say('operations.refund'), exact: true })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('operations.reason')).fill('changed their mind');
  await dialog.getByRole('button', { name: /^Refund / }).click();
  await dialog.getByText(say('operations.refundGiven')).waitFor();
}
