import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Stripe } from 'stripe';
import { readCard } from '../cards.ts';
import type { Attempt } from '../checkout-plan.ts';
import { answerChallenge, paySession } from '../checkout-payment.ts';
import { locateSession } from '../checkout-amounts.ts';
import type { PayResult } from '../checkout-payment.ts';
import { bankDebitOf, createBankMethod, createCardMethod } from '../payment-methods.ts';
import { idOf } from '../tables.ts';
import { statesOf } from '../taxes.ts';
import type { World } from '../world.ts';
import { notice } from './layout.ts';
import { challengePage, needsMethod, paymentPage } from './payment-view.ts';
import { languageOf, textsOf } from './texts.ts';
import type { PageLanguage } from './texts.ts';

type Session = Stripe.Checkout.Session;
type Form = Record<string, string>;

/**
 * Serves the hosted payment page: `GET /c/pay/:id`, `POST /c/pay/:id/pay` (form fields `method` = card | bank_debit, `card`,
 * `exp`, `cvc`, `name`, `email`, `save`, `saved` = pm_…, and where tax is reckoned `country` and `state`), `POST /c/pay/:id/address`, which
 * reckons the tax for a place and shows the page again, and the challenge page. A program that sends `Accept: application/json`
 * gets the outcome as JSON in place of redirects and pages.
 */
export function createPaymentPages(world: World): Hono {
  const app = new Hono();
  app.get('/c/pay/:id', (c) => showSession(c, world, null));
  app.post('/c/pay/:id/pay', async (c) => {
    const form = await readForm(c);
    const session = world.tables.sessions.get(c.req.param('id'));
    if (session?.status !== 'open') return showSession(c, world, null);
    const place = placeOf(form);
    if (place) world.run(() => locateSession(world, session, place));
    const read = world.run(() => readAttempt(world, session, form));
    if ('error' in read) return refuse(c, world, { error: read.error, form, status: 400 });
    return conclude(
      c,
      world,
      world.run(() => paySession(world, session.id, read.attempt)),
      form,
    );
  });
  app.post('/c/pay/:id/address', async (c) => {
    const form = await readForm(c);
    const session = world.tables.sessions.get(c.req.param('id'));
    const place = placeOf(form);
    if (session?.status === 'open' && place) world.run(() => locateSession(world, session, place));
    return c.redirect(`${world.origin}/c/pay/${c.req.param('id')}`, 303);
  });
  app.get('/c/pay/:id/authenticate', (c) => {
    const session = world.tables.sessions.get(c.req.param('id'));
    if (session?.status !== 'open' || !world.tables.sessionPlans.get(session.id)?.challenge)
      return showSession(c, world, null);
    return c.html(challengePage(pageLanguage(c, session), session));
  });
  app.post('/c/pay/:id/authenticate', async (c) => {
    const form = await readForm(c);
    const session = world.tables.sessions.get(c.req.param('id'));
    if (session?.status !== 'open') return showSession(c, world, null);
    const passed = form['result'] === 'complete';
    return conclude(
      c,
      world,
      world.run(() => answerChallenge(world, session.id, passed)),
      {},
    );
  });
  return app;
}

async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

/** Where the payer says to be; null where the form does not ask. A state of another country, from before a change, is left out. */
function placeOf(form: Form): { country: string; state: string | null } | null {
  const country = form['country']?.trim() ?? '';
  if (!/^[A-Z]{2}$/.test(country)) return null;
  const state = form['state']?.trim() ?? '';
  return { country, state: statesOf(country).includes(state) ? state : null };
}

function pageLanguage(c: Context, session: Session | undefined): PageLanguage {
  return languageOf(session?.locale, c.req.header('accept-language'));
}

/** Turns a posted form into an attempt, or names what is wrong with it. */
function readAttempt(world: World, session: Session, form: Form): { attempt: Attempt } | { error: string } {
  const email = session.customer_details?.email ?? form['email']?.trim() ?? '';
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return { error: 'email' };
  if (session.automatic_tax.enabled && !world.tables.sessionPlans.get(session.id)?.place?.country)
    return { error: 'country' };
  const payer = { email, name: form['name']?.trim() || null };
  const attempt = { ...payer, save: mayBeSaved(session) && Boolean(form['save']) };
  const chosen = form['method'] || (form['saved'] ? `saved:${form['saved']}` : 'card');
  if (!needsMethod(session) && !form['card']) return { attempt: { ...attempt, methodId: null } };
  if (chosen === 'bank_debit') {
    const type = bankDebitOf(session.currency ?? '');
    if (!type || !session.payment_method_types.includes(type)) return { error: 'method' };
    return { attempt: { ...attempt, methodId: createBankMethod(world, type, payer).id } };
  }
  const savedId = form['saved'] || (chosen.startsWith('saved:') ? chosen.slice('saved:'.length) : '');
  if (savedId) {
    const saved = savedCards(world, session).find((method) => method.id === savedId);
    return saved ? { attempt: { ...attempt, methodId: saved.id } } : { error: 'method' };
  }
  if (chosen !== 'card' || !session.payment_method_types.includes('card')) return { error: 'method' };
  const read = readCard(
    { card: form['card'] ?? '', exp: form['exp'] ?? '', cvc: form['cvc'] ?? '', name: form['name'] ?? '' },
    world.now(),
  );
  if ('fault' in read) return { error: read.fault };
  return { attempt: { ...attempt, methodId: createCardMethod(world, read.card, payer).id } };
}

function mayBeSaved(session: Session): boolean {
  return session.saved_payment_method_options?.payment_method_save === 'enabled';
}

/** Lists the cards that the session's customer may choose again, newest first. */
function savedCards(world: World, session: Session): Stripe.PaymentMethod[] {
  const customer = idOf(session.customer);
  if (!customer) return [];
  const shown = session.saved_payment_method_options?.allow_redisplay_filters ?? ['always'];
  return world.tables.paymentMethods
    .list({ customer })
    .filter((method) => method.type === 'card' && shown.some((it) => it === method.allow_redisplay));
}

function conclude(c: Context, world: World, result: PayResult, form: Form): Response | Promise<Response> {
  if (result.kind === 'declined') {
    const { code, declineCode, message } = result.decline;
    const known = declineCode === 'insufficient_funds' ? declineCode : code;
    return refuse(c, world, { error: known, form, status: 402, details: { code, decline_code: declineCode, message } });
  }
  const session = world.tables.sessions.require(c.req.param('id') ?? '');
  if (result.kind === 'expired') return showExpired(c, session, pageLanguage(c, session));
  const target = result.kind === 'asks-owner' ? `${world.origin}/c/pay/${session.id}/authenticate` : returnUrl(session);
  if (wantsJson(c)) {
    return c.json({ status: result.kind === 'asks-owner' ? 'requires_action' : 'complete', redirect_url: target });
  }
  return c.redirect(target, 303);
}

function wantsJson(c: Context): boolean {
  return /application\/json/.test(c.req.header('accept') ?? '');
}

function returnUrl(session: Session): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}

function refuse(
  c: Context,
  world: World,
  refusal: { error: string; form: Form; status: 400 | 402; details?: object },
): Response | Promise<Response> {
  const { error, form, status, details } = refusal;
  if (wantsJson(c)) return c.json({ status: 'open', error: details ?? { code: `invalid_${error}` } }, status);
  c.status(status);
  return showSession(c, world, { error, form });
}

function showSession(
  c: Context,
  world: World,
  failed: { error: string; form: Form } | null,
): Response | Promise<Response> {
  const session = world.tables.sessions.get(c.req.param('id') ?? '');
  const language = pageLanguage(c, session);
  const texts = textsOf(language);
  if (!session) {
    return c.html(notice(language, { title: texts.missingTitle, text: texts.missingText }, null), 404);
  }
  if (session.status === 'complete') return showComplete(c, session, language);
  if (session.status === 'expired') return showExpired(c, session, language);
  const form = failed?.form ?? {};
  const plan = world.tables.sessionPlans.require(session.id);
  return c.html(
    paymentPage({
      language,
      session,
      lineItems: plan.lineItems,
      coupon: plan.couponId ? (world.tables.coupons.get(plan.couponId) ?? null) : null,
      place: plan.place ?? null,
      savedCards: savedCards(world, session),
      typed: { email: form['email'] ?? '', name: form['name'] ?? '', method: form['method'] ?? '' },
      error: failed?.error ?? null,
    }),
  );
}

/** A post to a session that is paid already (a double click) goes where the first one went; a visit says so. */
function showComplete(c: Context, session: Session, language: PageLanguage): Response | Promise<Response> {
  const target = returnUrl(session);
  if (wantsJson(c)) return c.json({ status: 'complete', redirect_url: target });
  if (c.req.method === 'POST') return c.redirect(target, 303);
  const texts = textsOf(language);
  return c.html(
    notice(language, { title: texts.completeTitle, text: texts.completeText }, { href: target, label: texts.back }),
  );
}

function showExpired(c: Context, session: Session, language: PageLanguage): Response | Promise<Response> {
  if (wantsJson(c)) return c.json({ status: 'expired' }, 410);
  const texts = textsOf(language);
  const link = session.cancel_url ? { href: session.cancel_url, label: texts.back } : null;
  return c.html(notice(language, { title: texts.expiredTitle, text: texts.expiredText }, link), 410);
}
