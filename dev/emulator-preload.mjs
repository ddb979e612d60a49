// Loaded into every worker of the functions emulator (NODE_OPTIONS=--import), before firebase-functions.
// The emulator tells firebase-functions to accept forged and expired tokens, which production refuses; our tests of who may
// call what would prove nothing. Blocking functions are the exception: the Auth emulator cannot sign for them.
const target = process.env.FUNCTION_TARGET ?? '';
if (process.env.FUNCTIONS_EMULATOR === 'true' && !target.startsWith('before')) {
  process.env.FIREBASE_DEBUG_FEATURES = JSON.stringify({ skipTokenVerification: false, enableCors: true });
}

// A task names the account that sends it. Inside of what looks like Cloud Run the SDK asks Google's metadata server for it, in
// vain, before each task, for two seconds. The emulator takes any name.
if (process.env.FUNCTIONS_EMULATOR === 'true' && process.env.FIREBASE_CONFIG) {
  process.env.FIREBASE_CONFIG = JSON.stringify({
    ...JSON.parse(process.env.FIREBASE_CONFIG),
    serviceAccountId: 'functions@demo-dotm.iam.gserviceaccount.com',
  });
}
