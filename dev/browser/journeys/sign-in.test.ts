import { expect } from 'vitest';
import { journey } from './support/journey.ts';
import { mailedLink } from './support/mailed-link.ts';
import { playGoogleScripts } from './support/google.ts';
import { fillSignIn, join, signIn } from './support/steps.ts';

journey(
  'a link by mail signs in without a password, and the member stays signed in',
  { screen: 'phone', language: 'fr' },
  async (visitor) => {
    const { page, say, email } = visitor;
    await visitor.goto('/sign-in');
    await page.getByRole('button', { name: say('auth.wantLink') }).click();
    await page.getByLabel(say('auth.email')).fill(email);
    const [asked] = await Promise.all([
      page.waitForRequest(/accounts:sendOobCode/),
      page.getByRole('button', { name: say('auth.sendLink') }).click(),
    ]);
    // Firebase writes that mail, in the language that it is told.
    expect(asked.headers()['x-firebase-locale']).toBe('fr');
    await page.getByText(say('auth.linkSent', { email })).waitFor();
    await page.goto(await mailedLink(email, 'EMAIL_SIGNIN'));
    await page.getByRole('heading', { level: 1, name: say('auth.openedTitle') }).waitFor();
    // The device that asked for the link knows the address.
    expect(await page.getByLabel(say('auth.email')).inputValue()).toBe(email);
    await page
      .locator('form')
      .getByRole('button', { name: say('auth.signIn'), exact: true })
      .click();
    await page.waitForURL('**/esim');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: say('esim.listTitle') }).waitFor();
  },
);

journey(
  'who forgot the password sets a new one by mail; the old one opens nothing any more',
  { screen: 'desktop', language: 'en' },
  async (visitor, open) => {
    await join(visitor);
    const elsewhere = await open({ screen: 'desktop', language: 'en' });
    const { page, say } = elsewhere;
    await elsewhere.goto('/sign-in');
    await page.getByRole('button', { name: say('auth.forgot') }).click();
    await page.getByLabel(say('auth.email')).fill(visitor.email);
    await page.getByRole('button', { name: say('auth.sendReset') }).click();
    await page.getByText(say('auth.resetSent', { email: visitor.email })).waitFor();
    const link = new URL(await mailedLink(visitor.email, 'PASSWORD_RESET'));
    link.searchParams.set('newPassword', 'another horse battery');
    await page.goto(link.href);
    await page.waitForURL('**/sign-in');
    elsewhere.expectComplaint(/status of 400/);
    await fillSignIn(elsewhere, visitor);
    await page.getByText(say('auth.error.invalid-credential')).waitFor();
    await signIn(elsewhere, { email: visitor.email, password: 'another horse battery' });
  },
);

journey(
  'the account page asks for the address to be verified until the mailed link was opened',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say, email } = visitor;
    await join(visitor);
    await page.getByText(say('verify.title')).waitFor();
    await page.goto(await mailedLink(email, 'VERIFY_EMAIL'));
    await page.waitForURL('**/account');
    await page.getByRole('heading', { level: 2, name: say('account.profile') }).waitFor();
    await page.getByText(say('verify.title')).waitFor({ state: 'detached' });
  },
);

journey('Google’s window signs a newcomer in', { screen: 'desktop', language: 'fr' }, async (visitor) => {
  const { page, say, email } = visitor;
  await playGoogleScripts(visitor.context);
  await visitor.goto('/sign-in?next=%2Faccount');
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: say('auth.google') }).click(),
  ]);
  await popup.locator('#add-account-button').click();
  await popup.locator('#email-input').fill(email);
  await popup.locator('#display-name-input').fill('Ada Traveller');
  await popup.locator('#sign-in').click();
  await page.waitForURL('**/account');
  await page.getByText(email).first().waitFor();
});
