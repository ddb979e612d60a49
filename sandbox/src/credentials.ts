/** The credentials that the stand-ins accept. They open nothing but the sandbox; development's configuration reads them here. */
export const SANDBOX_CREDENTIALS = {
  stripeSecretKey: 'sk_test_sandbox',
  oxioApiKey: 'dotm_sandbox',
  oxioAuthToken: 'sandbox-token',
  oxioBrandId: '6f1f8a52-3c1e-4b0a-9d57-0c7a4f2e9b10',
  sendgridApiKey: 'SG.sandbox',
  elevenLabsApiKey: 'sk_sandbox',
  googleAccessToken: 'ya29.sandbox',
  kmsKeyVersion: 'projects/demo-dotm/locations/global/keyRings/dotm/cryptoKeys/reward-operator/cryptoKeyVersions/1',
  /** The third account of every local Ethereum node, which is the operator of a local world's contracts. Everybody knows it. */
  kmsPrivateKey: '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
} as const;
