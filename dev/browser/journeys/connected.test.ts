import { afterAll, beforeAll, expect } from 'vitest';
import { eventually, shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { readQrFromPng, readQrOnScreen } from './support/qr.ts';
import { CARDS, openOrderId, payWith, reachPayment, signUp, timelineStep, untilOrder } from './support/steps.ts';
import { carrierLinesOf, mailTo, sandbox } from './support/vendors.ts';
import type { Visit, Visitor } from './support/visitor.ts';

const visits: Visit[] = [
  { screen: 'phone', language: 'en' },
  { screen: 'phone', language: 'fr', colors: 'dark' },
  { screen: 'desktop', language: 'en', colors: 'dark' },
  { screen: 'desktop', language: 'fr' },
];

const subjects = { en: /eSIM is ready/, fr: /eSIM est prête/ };

/** No phone joins the network before its owner has installed the eSIM: the journeys say when. */
beforeAll(async () => {
  await sandbox.setOxio({ activationDelaySeconds: 86_400 });
});

afterAll(async () => {
  await sandbox.setOxio({ activationDelaySeconds: 6 });
});

for (const visit of visits) {
  journey('a newcomer gets from the landing page to a connected eSIM by clicking', visit, async (visitor) => {
    await choosePlan(visitor);
    await signUp(visitor);
    await reachPayment(visitor);
    await payWith(visitor, CARDS.succeeds);
    await visitor.page.waitForURL('**/orders/ord_**');
    await untilOrder(visitor, 'released');
    const lpa = await lpaOfOnlyLine(visitor);
    await checkInstallPanel(visitor, lpa);
    await checkTimeline(visitor);
    await checkMail(visitor, lpa);
    await checkReward(visitor);
    await sayInstalled(visitor);
    await untilOrder(visitor, 'active');
    await checkLine(visitor);
  });
}

async function choosePlan(visitor: Visitor): Promise<void> {
  const { page, say } = visitor;
  await visitor.goto('/');
  await page.getByRole('heading', { level: 1, name: say('landing.headline') }).waitFor();
  await page.getByRole('link', { name: say('landing.choose') }).click();
  await page.getByRole('heading', { level: 1, name: say('plans.title') }).waitFor();
  await page.getByRole('link', { name: `${say('plans.buy')} ${say('products.global_data_10gb.name')}` }).click();
  await page.getByRole('heading', { level: 1, name: say('auth.signUpTitle') }).waitFor();
}

/** The activation code that the carrier gave the one line that it made for this member. */
async function lpaOfOnlyLine({ email }: Visitor): Promise<string> {
  const lines = await carrierLinesOf(email);
  expect(lines).toHaveLength(1);
  return lines[0]?.sim.activationUrl ?? 'the carrier gave no code';
}

async function checkInstallPanel({ page }: Visitor, lpa: string): Promise<void> {
  const [, host, matchingId] = lpa.split('$');
  expect(await readQrOnScreen(page.getByTestId('esim-qr'))).toBe(lpa);
  expect(await page.getByTestId('smdp-address').textContent()).toBe(host);
  expect(await page.getByTestId('matching-id').textContent()).toBe(matchingId);
  const codeOf = async (testId: string, address: string): Promise<void> => {
    const link = new URL((await page.getByTestId(testId).getAttribute('href')) ?? '');
    expect(link.origin + link.pathname).toBe(address);
    expect(link.searchParams.get('carddata')).toBe(lpa);
  };
  await codeOf('ios-link', 'https://esimsetup.apple.com/esim_qrcode_provisioning');
  await codeOf('android-link', 'https://esimsetup.android.com/esim_qrcode_provisioning');
}

/** Every step that the member was promised to see, each once. */
async function checkTimeline(visitor: Visitor): Promise<void> {
  const steps = [
    'created',
    'checkout_opened',
    'paid',
    'provisioning_started',
    'line_created',
    'plan_added',
    'released',
  ];
  for (const step of steps) await shows(() => timelineStep(visitor, step).count(), 1);
  await timelineStep(visitor, 'reward_accrued').waitFor();
  await timelineStep(visitor, 'mail_sent').first().waitFor();
}

async function checkMail({ email, visit }: Visitor, lpa: string): Promise<void> {
  const mail = await mailTo(email, subjects[visit.language]);
  const picture = mail.attachments.find(({ inline, contentType }) => inline && contentType === 'image/png');
  expect(mail.html).toContain(`src="cid:${String(picture?.cid)}"`);
  expect(readQrFromPng(Buffer.from(picture?.content ?? '', 'base64'))).toBe(lpa);
  expect(mail.text).toContain(lpa.split('$')[1]);
}

async function checkReward({ page, say, ...visitor }: Visitor): Promise<void> {
  const order = page.url();
  await visitor.goto('/rewards');
  const pending = page.getByTestId('reward-pending');
  await shows(async () => /[1-9]/.test((await pending.textContent()) ?? ''), true);
  expect(await page.getByTestId('reward-vested').textContent()).not.toMatch(/[1-9]/);
  // A founding member has two, both for this order.
  await page
    .getByRole('link', { name: say('rewards.toOrder') })
    .first()
    .click();
  await page.waitForURL(order.replace(/\?.*/, ''));
}

async function sayInstalled(visitor: Visitor): Promise<void> {
  const { page, say, email } = visitor;
  await page.getByRole('button', { name: say('esim.installed') }).click();
  await untilOrder(visitor, 'installed');
  const [line] = await carrierLinesOf(email);
  await sandbox.changeOxioLine(line?.lineId ?? '', { status: 'ACTIVE' });
}

async function checkLine(visitor: Visitor): Promise<void> {
  const { page, say, email } = visitor;
  expect(openOrderId(visitor)).toMatch(/^ord_/);
  await page.getByText(say('esim.showAgain')).first().click();
  await page.getByRole('link', { name: say('order.toLine') }).click();
  await page.waitForURL('**/esim/lin_**');
  const number = await eventually(
    'a phone number',
    async () => (await carrierLinesOf(email))[0]?.phoneNumbers[0]?.phoneNumber,
  );
  const digits = number.slice(-4);
  await page.getByRole('heading', { level: 2 }).filter({ hasText: digits }).waitFor();
  await page.getByText(say('esim.state.active'), { exact: true }).waitFor();
}
