/** A plan that the stand-in's brand offers. `displayName` is what OXIO's portal would show. */
export interface OxioPlan {
  planId: string;
  productId: string;
  displayName: string;
  /** Included data in bytes; null is without a bound. */
  dataBytes: number | null;
  durationDays: number | null;
}

const MEGABYTE = 1_000_000;

/** The plans that exist in the sandbox, with ids that never change, so that configuration can name them. */
export const OXIO_PLANS: readonly OxioPlan[] = [
  {
    planId: '0b8f5a3e-6d1c-4c2f-8a57-5d1f0e7c1a01',
    productId: 'esim_starter',
    displayName: 'DOTM Starter 1 GB, 10 days',
    dataBytes: 1_000 * MEGABYTE,
    durationDays: 10,
  },
  {
    planId: '0b8f5a3e-6d1c-4c2f-8a57-5d1f0e7c1a02',
    productId: 'global_data_10gb',
    displayName: 'DOTM Global Data 10 GB',
    dataBytes: 10_000 * MEGABYTE,
    durationDays: null,
  },
  {
    planId: '0b8f5a3e-6d1c-4c2f-8a57-5d1f0e7c1a03',
    productId: 'basic_membership',
    displayName: 'DOTM Basic Membership',
    dataBytes: null,
    durationDays: 365,
  },
  {
    planId: '0b8f5a3e-6d1c-4c2f-8a57-5d1f0e7c1a04',
    productId: 'full_membership',
    displayName: 'DOTM Full Membership',
    dataBytes: null,
    durationDays: 365,
  },
];

/** Product id -> plan id: what OXIO_PLAN_IDS holds in development. */
export const OXIO_PLAN_IDS: Readonly<Record<string, string>> = Object.fromEntries(
  OXIO_PLANS.map((plan) => [plan.productId, plan.planId]),
);
