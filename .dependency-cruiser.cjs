// Import directions of the house (docs/architecture.md):
//   shared <- domain <- store, vendors <- features <- index; platform serves the last four;
//   features never import each other; hosting imports only functions/src/shared.
const SRC = '^functions/src/';

/** Folders that `from` may not reach, one rule per folder so that a violation names itself. */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

module.exports = {
  forbidden: [
    forbid(
      'no-circular',
      'A cycle hides which file is the lower one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid('no-unresolvable', 'An import that resolves nowhere breaks the bundle.', {}, { couldNotResolve: true }),
    forbid(
      'shared-imports-only-zod',
      'shared/ is bundled into the browser: it imports itself and zod; its proofs also hashes and curves (docs/adr/0020).',
      { path: `${SRC}shared/`, pathNot: '[.]test[.]ts$' },
      { pathNot: [`${SRC}shared/`, 'node_modules/zod/', 'node_modules/ulid/', 'node_modules/@noble/(hashes|curves)/'] },
    ),
    forbid(
      'only-proofs-compute-hashes',
      'Hashes and curves are for shared/proofs/ alone: the rest of shared/ is loaded by every function.',
      { path: `${SRC}shared/`, pathNot: [`${SRC}shared/proofs/`, '[.]test[.]ts$'] },
      { path: 'node_modules/@noble/' },
    ),
    forbid(
      'verifier-stands-alone',
      'The verifier takes the rules of proofs and nothing else of ours, so that it can be read and trusted by itself.',
      { path: '^verifier/', pathNot: '[.]test[.]ts$' },
      { path: '^(functions|hosting|sandbox|dev|contracts)/', pathNot: `${SRC}shared/proofs/` },
    ),
    forbid(
      'domain-is-pure',
      'domain/ holds rules without I/O, clock or SDK: it imports shared and itself.',
      { path: `${SRC}domain/`, pathNot: '[.]test[.]ts$' },
      { pathNot: [`${SRC}(shared|domain)/`, 'node_modules/(zod|libphonenumber-js|@noble/hashes)/'] },
    ),
    forbid(
      'store-and-vendors-look-down',
      'store/ and vendors/ import shared, domain, platform and packages.',
      { path: `${SRC}(store|vendors)/`, pathNot: '[.]test[.]ts$' },
      { path: `${SRC}(features|ops|index)` },
    ),
    forbid(
      'store-does-not-call-vendors',
      'No vendor call ever happens inside a transaction.',
      { path: `${SRC}store/` },
      { path: `${SRC}vendors/` },
    ),
    forbid(
      'vendors-do-not-query',
      'Vendors speak to vendors only.',
      { path: `${SRC}vendors/` },
      { path: `${SRC}store/` },
    ),
    forbid(
      'platform-knows-no-feature',
      'platform/ serves features; it never imports one.',
      { path: `${SRC}platform/`, pathNot: '[.]test[.]ts$' },
      { path: `${SRC}(features|index|ops)` },
    ),
    forbid(
      'features-do-not-meet',
      'Features meet through the outbox or the domain.',
      { path: `${SRC}features/([^/]+)/` },
      { path: `${SRC}features/([^/]+)/`, pathNot: `${SRC}features/$1/` },
    ),
    forbid(
      'public-has-no-hands',
      'What anybody may call holds no database, no Admin SDK, no vendor: it reads the published catalogue and signs quotes.',
      { path: `${SRC}public[/.]`, pathNot: '[.]test[.]ts$' },
      {
        path: `${SRC}(features|store|vendors|triggers|ops|index)|${SRC}platform/(?!log|server-log|trace|region|quotes/)|node_modules/(pg|firebase-admin|@google-cloud)/`,
      },
    ),
    forbid(
      'nobody-imports-index',
      'index.ts only exports what is deployed.',
      { path: SRC, pathNot: '[.]test[.]ts$' },
      { path: `${SRC}index[.]ts$` },
    ),
    forbid(
      'source-imports-no-test',
      'Test helpers are never deployed.',
      { path: `${SRC}|^hosting/src/|^sandbox/src/`, pathNot: '[.]test[.]tsx?$|/test/' },
      { path: '[.]test[.]tsx?$|^functions/test/|^dev/' },
    ),
    forbid(
      'hosting-imports-only-shared',
      'The web app takes schemas, money, ids and errors from shared/ and nothing else of the backend.',
      { path: '^hosting/' },
      { path: '^(functions|sandbox|dev)/', pathNot: `${SRC}shared/` },
    ),
    forbid(
      'sandbox-stands-alone',
      'The sandbox stands for other companies: it knows nothing of our code.',
      { path: '^sandbox/src/', pathNot: '[.]test[.]ts$' },
      { path: '^(functions|hosting|dev)/' },
    ),
    forbid(
      'functions-never-import-sandbox',
      'Production code does not know that a sandbox exists.',
      { path: SRC },
      { path: '^(sandbox|hosting|dev)/' },
    ),
    ...[
      ['stripe', 'stripe'],
      ['sendgrid', '@sendgrid/'],
      ['smtp', 'nodemailer'],
    ].map(([vendor, sdk]) =>
      forbid(
        `only-one-importer-of-${vendor}-sdk`,
        `A vendor's SDK is imported by its own folder under vendors/ only (types included).`,
        { path: SRC, pathNot: [`${SRC}vendors/`, '[.]test[.]ts$'] },
        { path: `node_modules/(@types/)?${sdk}` },
      ),
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['(^|/)dist/', '^[.]dotm'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
