import { describe, expect, test } from 'vitest';
import { renderMail, sampleLine, sampleOrder, sampleSubject } from '../../../test/support/sample-mails.ts';
import { locales } from '../../shared/locale.ts';
import { minor } from '../../shared/money.ts';
import { mailKinds } from '../../store/mails.ts';
import { composers } from './compose.ts';
import { wordsOf } from './words.ts';

const every = mailKinds.flatMap((kind) => locales.map((locale) => ({ kind, locale })));

describe.each(every)('$kind in $locale', ({ kind, locale }) => {
  test('says in HTML what it says in plain text', async () => {
    const mail = await renderMail(kind, locale);
    expect(mail.html).toContain(`<html lang="${locale}"`);
    const shown = plain(mail.html);
    for (const block of mail.blocks) {
      if (!('text' in block)) continue;
      expect(shown).toContain(collapse(block.text));
      expect(collapse(mail.text)).toContain(collapse(block.text));
    }
    expect(mail.subject).not.toMatch(/[{}\n]/);
    expect(mail.text).not.toMatch(/[{}]|undefined|null|NaN/);
    expect(shown).not.toMatch(/[{}]|undefined|\bnull\b|NaN/);
  });

  test('has all of its links in both forms, all of them https', async () => {
    const mail = await renderMail(kind, locale);
    const urls = mail.blocks.flatMap((block) =>
      block.kind === 'buttons' ? block.buttons.map((button) => button.url) : [],
    );
    for (const url of urls) {
      expect(url).toMatch(/^https:\/\//);
      expect(mail.text).toContain(url);
      expect(mail.html).toContain(`href="${url.replaceAll('&', '&amp;')}"`);
    }
  });

  test('names no picture that is not attached, and loads nothing from outside', async () => {
    const mail = await renderMail(kind, locale);
    const shown = [...mail.html.matchAll(/src="([^"]*)"/g)].map((match) => match[1]);
    expect(shown).toEqual(mail.attachments.map((file) => `cid:${file.contentId}`));
    expect(mail.html).not.toMatch(/url\(|@import|<script|<link/);
  });
});

test('what people wrote can’t become HTML', async () => {
  const evil = '<img src=x onerror="alert(1)">';
  const items = [{ ...sampleOrder.items[0]!, productId: 'unknown', name: evil }];
  const welcome = await renderMail('welcome', 'en', { displayName: evil });
  const paid = await renderMail('order_paid', 'en', { order: { ...sampleOrder, items } });
  for (const mail of [welcome, paid]) {
    expect(mail.html).not.toContain('<img src=x');
    expect(mail.html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(mail.text).toContain(evil);
  }
});

describe('order_paid', () => {
  test('is a receipt: items with amounts, tax, total, and the deadline of the promise', async () => {
    const { text } = await renderMail('order_paid', 'en');
    expect(text).toContain('eSIM starter: $1.00');
    expect(text).toContain('Global data 10 GB × 2: $40.00');
    expect(text).toContain('Tax: $2.50');
    expect(text).toContain('Total: $43.50');
    expect(text).toMatch(/Your eSIM is ready by November 22, 2026 at 10:32\sPM UTC, or you get your money back\./);
  });

  test('promises no eSIM where none is to come', async () => {
    const items = [{ ...sampleOrder.items[0]!, includesLine: false, dataBytes: null }];
    const { text } = await renderMail('order_paid', 'en', { order: { ...sampleOrder, items } });
    expect(text).not.toContain('eSIM is ready');
  });
});

describe('tokens', () => {
  const credit = {
    amount: minor('USD', 500n),
    tokens: minor('DOTM', 5n * 10n ** 18n),
    returned: minor('DOTM', 0n),
  };
  const back = { ...credit, returned: credit.tokens };

  test('stand on the receipt beside what was charged, so that it adds up', async () => {
    const { text } = await renderMail('order_paid', 'en', {
      order: { ...sampleOrder, total: minor('USD', 3850n), credit },
    });
    expect(text).toMatch(/Paid with 5\sDOTM: -\$5\.00/);
    expect(text).toContain('Total: $38.50');
    expect(text).not.toContain('Shipping');
    expect(text).toMatch(/5\sDOTM from your rewards paid \$5\.00\./);
  });

  test('that paid all of it leave no word of money received', async () => {
    const order = { ...sampleOrder, total: minor('USD', 0n), tax: minor('USD', 0n), credit };
    const { text, preheader } = await renderMail('order_paid', 'en', { order });
    expect(preheader + text).not.toContain('We received');
    const off = { order: { ...order, credit: back }, refund: null, reason: 'deadline' };
    const calledOff = await renderMail('order_refunded', 'en', off);
    expect(calledOff.text).toContain('sorry');
    expect(calledOff.text).not.toContain('business days');
    expect(calledOff.text).toMatch(/5\sDOTM that you paid with are back/);
  });

  test('that came back are told of with the money, but not to who has deleted the account', async () => {
    const order = { ...sampleOrder, credit: back };
    for (const kind of ['order_refunded', 'order_refunded_in_part'] as const)
      expect((await renderMail(kind, 'en', { order })).text).toMatch(/5\sDOTM that you paid with are back/);
    const refund = { ...sampleSubject.refund!, reason: 'account_deleted' };
    expect((await renderMail('order_refunded', 'en', { order, refund })).text).not.toContain('are back');
  });
});

describe('esim_ready', () => {
  test('carries the QR code inline, both fields to copy, and both one-tap links', async () => {
    const mail = await renderMail('esim_ready', 'en');
    expect(mail.attachments).toHaveLength(1);
    expect(mail.attachments[0]).toMatchObject({ contentType: 'image/png', contentId: 'esim-qr' });
    expect(mail.attachments[0]?.content.subarray(0, 8)).toEqual(
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    );
    expect(mail.text).toContain('SM-DP+ address:\nconsumer.e-sim.global');
    expect(mail.text).toContain('Activation code (matching ID):\nOX012345678901234567890');
    const carddata = encodeURIComponent('LPA:1$consumer.e-sim.global$OX012345678901234567890');
    expect(mail.text).toContain(`https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${carddata}`);
    expect(mail.text).toContain(`https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${carddata}`);
  });

  test('says that the number is pending until there is one, and then which it is', async () => {
    expect((await renderMail('esim_ready', 'en')).text).toContain('Your telephone number is being assigned');
    const { text } = await renderMail('esim_ready', 'en', { line: { ...sampleLine, phoneNumber: '+12125550123' } });
    expect(text).toContain('Your number: +1 212 555 0123');
  });

  test('keeps the activation code out of the subject and the preview', async () => {
    const mail = await renderMail('esim_ready', 'en');
    expect(mail.subject + mail.preheader).not.toContain('OX0123');
  });
});

describe('refunds', () => {
  test('say the amount and when it arrives', async () => {
    for (const kind of ['order_refunded', 'order_refunded_in_part'] as const) {
      const mail = await renderMail(kind, 'en');
      expect(mail.subject).toContain('$43.50');
      expect(mail.text).toContain('5 to 10 business days');
    }
  });

  test('say sorry where we broke off, and only there', async () => {
    const refund = sampleSubject.refund!;
    expect((await renderMail('order_refunded', 'en')).text).toContain('We are sorry');
    for (const reason of ['asked for', 'account_deleted']) {
      expect((await renderMail('order_refunded', 'en', { refund: { ...refund, reason } })).text).not.toContain('sorry');
    }
  });
});

test('a payment that failed closes an unpaid order, and asks for another card where a renewal failed', async () => {
  const unpaid = await renderMail('payment_failed', 'en', {
    order: { ...sampleOrder, paidAt: null, state: 'expired' },
  });
  expect(unpaid.text).toContain('the order is closed');
  const renewal = await renderMail('payment_failed', 'en');
  expect(renewal.text).toContain('check your card');
});

test('tokens that have arrived are told with the amount, the wallet in short, and the payment where there is an explorer', async () => {
  const { text } = await renderMail('rewards_paid', 'en');
  expect(text).toContain('12.3456');
  expect(text).toContain('0x5aAe…eAed');
  expect(text).toContain(`https://etherscan.io/tx/0x${'ab'.repeat(32)}`);
  const local = await renderMail('rewards_paid', 'fr', { explorerUrl: '' });
  expect(local.text).not.toContain('/tx/');
  expect(local.text).toContain('portefeuille');
});

test('a mail whose order or line is gone has nothing to say', async () => {
  const nothing = { order: null, line: null, refund: null, wallet: null, otherWallet: null, payout: null };
  const gone = { ...sampleSubject, ...nothing };
  for (const kind of mailKinds) {
    const content = await composers[kind](wordsOf('en'), gone);
    expect({ kind, silent: content === null }).toEqual({
      kind,
      silent: kind !== 'welcome' && kind !== 'account_deleted',
    });
  }
  expect(
    await composers.esim_ready(wordsOf('en'), { ...sampleSubject, line: { ...sampleLine, activationUrl: null } }),
  ).toBeNull();
});

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The text that a reader of the HTML sees. */
function plain(html: string): string {
  const body = html.slice(html.indexOf('<body')).replace(/<[^>]*>/g, ' ');
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
  return collapse(body.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole));
}
