import type { CallableFunction } from 'firebase-functions/https';
import { handlers } from '../handlers.ts';
import { services } from '../platform/container.ts';
import { callable } from '../platform/doors/callable.ts';
import type { OperationName } from '../shared/api/index.ts';
import { base, secrets } from './options.ts';

type Callable = CallableFunction<unknown, Promise<unknown>>;

/** Operations that speak with the payment provider; all others see the database only. */
const paying = new Set<OperationName>([
  'cancelOrder',
  'cancelSubscription',
  'changePlan',
  'openBillingPortal',
  'previewPlanChange',
  'resumeSubscription',
  'startCheckout',
]);

/** Operations that give out or take quotes. */
const quoting = new Set<OperationName>(['createQuote', 'previewCredit', 'readQuote', 'refreshQuote', 'startCheckout']);

/** Operations that ask the chain. */
const chaining = new Set<OperationName>(['confirmWalletLink', 'planDistribution', 'releaseConflict']);

/** Operations that look whether the key that pays may do so and has ether: they need its address, and sign nothing. */
const knowingSigner = new Set<OperationName>(['planDistribution']);

function secretsOf(name: OperationName) {
  if (knowingSigner.has(name)) return secrets.payouts;
  if (chaining.has(name)) return secrets.chain;
  if (paying.has(name)) return quoting.has(name) ? secrets.checkout : secrets.payments;
  return quoting.has(name) ? secrets.quotes : secrets.database;
}

/**
 * Operations for operators only. Said here again, and held against their declarations by the manifest test, because the declarations
 * bring the schema library, and a function that does not need it starts without.
 */
export const operatorsOnly: ReadonlySet<OperationName> = new Set([
  'approveDistribution',
  'checkCatalogDraft',
  'closeAlert',
  'createCatalogDraft',
  'createPromotion',
  'discardCatalogDraft',
  'endPromotion',
  'findMember',
  'getCatalogVersion',
  'getDistribution',
  'getVoiceBudget',
  'getVoiceRun',
  'listAlerts',
  'listCatalogVersions',
  'listDifferences',
  'listDistributions',
  'listPromotions',
  'listVoiceClips',
  'listVoiceRuns',
  'planDistribution',
  'publishCatalog',
  'publishVoiceTexts',
  'purgeVoiceClips',
  'recordClipAgain',
  'refundOrder',
  'rejectDistribution',
  'releaseConflict',
  'retryJob',
  'updateCatalogDraft',
]);

/** Makes the callable function of an operation for the mobile SDKs. */
export function door(name: OperationName): Callable {
  const options = {
    ...base,
    concurrency: 40,
    // Measured 245 MiB at the REST door with Stripe's SDK loaded (docs/scale.md): too near to 256. The chain's library is as large.
    ...(paying.has(name) || chaining.has(name) ? { memory: '512MiB' as const } : {}),
    // Operators are few; members' phones call at the same time.
    maxInstances: operatorsOnly.has(name) ? 1 : 2,
    secrets: secretsOf(name),
  };
  const open = async () => (await import('../shared/api/index.ts')).api[name];
  return callable(services, options, name, open, handlers[name]);
}
