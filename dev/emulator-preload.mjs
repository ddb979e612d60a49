// Loaded into every worker of the functions emulator (NODE_OPTIONS=--import), before firebase-functions.
// The emulator tells firebase-functions to accept forged and expired tokens, which production refuses; our tests of who may
// call what would prove nothing. Blocking functions are the exception: the Auth emulator cannot sign for them.
const target = process.env.FUNCTION_TARGET ?? '';
if (process.env.FUNCTIONS_EMULATOR === 'true' && !target.startsWith('before')) {
  process.env.FIREBASE_DEBUG_FEATURES = JSON.stringify({ skipTokenVerification: false, enableCors: true });
}
