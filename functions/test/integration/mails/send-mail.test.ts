import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { queueMail } from '../../../src/store/mails.ts';
import { topics } from '../../../src/topics.ts';
import { dyingAfter } from '../../support/dying.ts';
import { drain, type TestServices } from '../../support/services.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';

let t: TestServices;
beforeAll(async () => {
  t = await shop();
});
afterAll(() => t.stop());
beforeEach(() => t.control.clearFaults());

/** Longer than the lease of a dead worker, and than a few failed attempts. */
const later = 600;

async function join(
  uid: string,
  locale: 'en' | 'fr' = 'en',
): Promise<{ token: string; email: string; memberId: string }> {
  const { email } = t.people.put({ uid });
  const token = t.people.tokenOf(uid);
  const { memberId } = await call(t, 'updateAccount', { locale }, { token });
  return { token, email: email!, memberId };
}

async function buy(token: string): Promise<string> {
  const items = [{ productId: 'global_data_10gb' }];
  const { orderId, checkoutUrl } = await call(t, 'startCheckout', { items, currency: 'USD' }, { token });
  await pay(checkoutUrl);
  return orderId;
}

async function inbox(to: string) {
  const found = await t.control.mail({ to });
  return Promise.all(found.reverse().map((mail) => t.control.readMail(mail.id)));
}

describe('an order', () => {
  test('brings a receipt and the eSIM, once each, and says so on its timeline', async () => {
    const { token, email } = await join('buyer');
    const orderId = await buy(token);
    await settle(t, 60);
    const mails = await inbox(email);
    expect(mails.map((mail) => mail.subject)).toEqual([
      'Welcome to DOTM',
      `Your receipt for order ${orderId.slice(-8).toUpperCase()}`,
      'Your eSIM is ready to install',
    ]);
    const [line] = (await call(t, 'listLines', {}, { token })).lines;
    const esim = mails[2]!;
    expect(esim.attachments).toMatchObject([
      { filename: 'esim.png', contentType: 'image/png', inline: true, cid: 'esim-qr' },
    ]);
    expect(esim.html).toContain('src="cid:esim-qr"');
    expect(esim.text).toContain(line!.activation!.matchingId);
    expect(esim.text).toContain(line!.activation!.smdpAddress);
    expect(esim.text).toContain(encodeURIComponent(line!.activation!.lpa));
    const { timeline } = await call(t, 'getOrder', { orderId }, { token });
    expect(timeline.filter((event) => event.kind === 'mail_sent').map((event) => event.evidence['mail'])).toEqual([
      'order_paid',
      'esim_ready',
    ]);
  });

  test('is spoken of in the member’s language', async () => {
    const { token, email } = await join('acheteuse', 'fr');
    await buy(token);
    await settle(t, 60);
    const mails = await inbox(email);
    expect(mails.map((mail) => mail.subject)).toContain('Votre eSIM est prête à installer');
    expect(mails.find((mail) => mail.subject.startsWith('Votre reçu'))?.text).toContain('Données mondiales 10 Go');
  });
});

describe('the mail service', () => {
  test('may be down for a while: the mail leaves when it is back', async () => {
    await t.control.addFault({ vendor: 'sendgrid', kind: 'status', status: 503, times: 4 });
    const { email } = await join('waiter');
    await settle(t, later);
    expect((await inbox(email)).map((mail) => mail.subject)).toEqual(['Welcome to DOTM']);
  });

  test('may take the mail and never say so: the second one is the same mail by its Message-ID', async () => {
    const { email } = await join('doubled');
    const mail = dyingAfter(await t.mail(), 'send');
    await drain({ ...t, mail: async () => mail }, topics, { forSeconds: later });
    const mails = await inbox(email);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((one) => one.headers['message-id'])).size).toBe(1);
    const { rows } = await t.db.query<{ sent: bigint }>(
      `select count(*) as sent from mail m join member on member.id = m.member_id where email = $1 and sent_at is not null`,
      [email],
    );
    expect(rows).toEqual([{ sent: 1n }]);
  });

  test('that refuses a mail for good raises an alert and stops nothing else', async () => {
    await t.control.addFault({
      vendor: 'sendgrid',
      kind: 'status',
      status: 400,
      body: { errors: [{ field: 'to', message: 'bad' }] },
    });
    const { token, email } = await join('refused');
    await settle(t);
    const { rows } = await t.db.query(
      `select a.kind from alert a join outbox o on o.id = a.subject join mail m on m.id = o.payload ->> 'mailId'
       join member on member.id = m.member_id where email = $1`,
      [email],
    );
    expect(rows).toEqual([{ kind: 'job_dead' }]);
    await buy(token);
    await settle(t, 60);
    expect((await inbox(email)).map((mail) => mail.subject)).toContain('Your eSIM is ready to install');
  });
});

describe('a mail', () => {
  test('is queued once for each kind and key', async () => {
    const { memberId, email } = await join('keyed');
    await settle(t);
    const mail = { memberId, kind: 'welcome', key: memberId, refersTo: {} } as const;
    await t.db.transaction((tx) => queueMail(tx, mail, t.clock.now()));
    await settle(t);
    expect(await inbox(email)).toHaveLength(1);
  });

  test('whose subject is gone is noted as having nothing to say', async () => {
    const { memberId, email } = await join('empty');
    const mail = { memberId, kind: 'order_paid', key: 'gone', refersTo: { orderId: 'ord_gone' } } as const;
    await t.db.transaction((tx) => queueMail(tx, mail, t.clock.now()));
    await settle(t);
    expect(await inbox(email)).toHaveLength(1);
    const { rows } = await t.db.query('select not_sent_because from mail where dedupe_key = $1', ['gone']);
    expect(rows).toEqual([{ not_sent_because: 'nothing_to_say' }]);
  });

  test('is asked for again by its member, with the code of that line', async () => {
    const { token, email } = await join('again');
    await buy(token);
    await settle(t, 60);
    const [line] = (await call(t, 'listLines', {}, { token })).lines;
    await call(t, 'resendEsimMail', { lineId: line!.id }, { token });
    await settle(t);
    const mails = (await inbox(email)).filter((mail) => mail.subject === 'Your eSIM is ready to install');
    expect(mails).toHaveLength(2);
    expect(mails[1]?.text).toContain(line!.activation!.matchingId);
    expect(mails[1]?.text).toContain(line!.phoneNumber!.slice(-4));
  });
});
