/** The credentials that the stand-ins accept. They open nothing but the sandbox; development's configuration reads them here. */
export const SANDBOX_CREDENTIALS = {
  stripeSecretKey: 'sk_test_sandbox',
  oxioApiKey: 'dotm_sandbox',
  oxioAuthToken: 'sandbox-token',
  oxioBrandId: '6f1f8a52-3c1e-4b0a-9d57-0c7a4f2e9b10',
  sendgridApiKey: 'SG.sandbox',
} as const;
