import type { Services } from '../../platform/container.ts';
import { newId } from '../../platform/ids.ts';
import { params } from '../../platform/config.ts';
import { readCatalog } from '../../store/catalog.ts';
import { openWebhookEndpoints } from '../../vendors/payments/webhook-endpoints.ts';
import { missingOfEndpoint, webhookUrl } from '../stripe-webhook.ts';
import { attempt, ok, unchecked, wrong, type Finding } from './finding.ts';

/** Looks at Stripe: which mode the key is of, whether Stripe takes it, and whether it sends us exactly the events that we handle. */
export async function checkPayments(): Promise<Finding[]> {
  const secretKey = params.stripeSecretKey.value();
  const url = webhookUrl(params.appUrl.value());
  const mode = /^.k_live_/.test(secretKey)
    ? ok('Stripe mode', 'live: cards are charged')
    : unchecked(
        'Stripe mode',
        'test: no card is charged',
        'right for a rehearsal; before members come, set the live key',
      );
  const endpoints = openWebhookEndpoints({ secretKey, apiBase: params.stripeApiBase.value() });
  const found = await attempt('Stripe webhook', 'check STRIPE_SECRET_KEY and the way to Stripe', async () => {
    const missing = await missingOfEndpoint(endpoints, url);
    if (missing.length === 0) return [ok('Stripe webhook', `${url} gets exactly the events that we handle`)];
    return [wrong('Stripe webhook', missing.join('; '), 'node functions/src/ops/stripe-webhook.ts')];
  });
  return [mode, ...found];
}

/** Looks at OXIO and at what we sell: every product with data or a line has a plan, and the brand has that plan. */
export async function checkCarrier(services: Services): Promise<Finding[]> {
  const credentials = 'check OXIO_API_KEY, OXIO_AUTH_TOKEN, OXIO_API_BASE, and whether OXIO lets our addresses in';
  const plans = await attempt('OXIO', credentials, async () => {
    const found = await (await services.carrier()).listPlans();
    return [ok('OXIO', `reachable, ${found.length} plans`), ...missingPlans(services, found)];
  });
  const seed = 'node functions/src/ops/seed.ts publishes the starting catalogue';
  return [...plans, ...(await attempt('plans of products', seed, () => checkProducts(services)))];
}

function missingPlans(services: Services, found: { planId: string }[]): Finding[] {
  const known = new Set(found.map(({ planId }) => planId));
  const missing = Object.entries(services.policy.carrierPlanIds).filter(([, planId]) => !known.has(planId));
  if (missing.length === 0) return [ok('OXIO plans', 'every plan of OXIO_PLAN_IDS exists')];
  const names = missing.map(([product, planId]) => `${planId} (${product})`).join(', ');
  return [wrong('OXIO plans', `the brand has no plan ${names}`, 'correct OXIO_PLAN_IDS, or have OXIO make the plan')];
}

async function checkProducts({ db, clock, policy }: Services): Promise<Finding[]> {
  const { version, products } = await readCatalog(db, clock.now());
  // A line without a plan carries nothing. A membership grants no data of its own, so its order would not even be refunded for it.
  const needing = products.filter(
    (product) => product.sellable && (product.dataBytes !== null || product.includesLine),
  );
  const without = needing.filter(({ id }) => policy.carrierPlanIds[id] === undefined);
  if (without.length === 0)
    return [ok('plans of products', `catalogue ${version}: all ${needing.length} products with a line have a plan`)];
  const names = without.map(({ id }) => id).join(', ');
  return [
    wrong(
      'plans of products',
      `no plan for ${names}: who buys it is refunded, or gets a line that carries nothing`,
      'add them to OXIO_PLAN_IDS',
    ),
  ];
}

/** Sends one mail to `address`, which alone shows that the sender is allowed to. Without an address it only says how. */
export async function checkMail(services: Services, address: string | undefined): Promise<Finding[]> {
  const check = 'mail';
  if (address === undefined)
    return [unchecked(check, 'no mail was sent', 'run it with --mail <your address> and look whether it comes')];
  return attempt(check, 'check the key and that the sender (MAIL_FROM) is verified', async () => {
    const id = newId('mail', services.clock.now());
    const text = 'The platform can send mail. Nothing needs to be done.';
    const mail = { id, to: address, subject: 'DOTM: preflight', text, html: `<p>${text}</p>`, attachments: [] };
    await (await services.mail()).send(mail);
    return [ok(check, `the mail service took ${id}: look whether it came, and not as spam`)];
  });
}
