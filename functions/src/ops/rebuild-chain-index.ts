import { services } from '../platform/container.ts';
import { forgetIndex } from '../store/chain-index.ts';

// Run as `node functions/src/ops/rebuild-chain-index.ts` with DATABASE_URL and the settings of the chain in the environment, after an alert
// said that the index contradicts the chain. The next looks at the chain read everything again; until then the public page shows nothing.
if (!process.env['DATABASE_URL']) throw new Error('DATABASE_URL is not set: name the database to rebuild');
try {
  const { db, policy } = services();
  const { chain } = policy;
  if (chain === null) throw new Error('CHAIN_ID is not set: there is no chain to read');
  await db.transaction((tx) => forgetIndex(tx, chain));
  process.stdout.write(
    `the index of chain ${chain.chainId} is empty and will be read again from block ${chain.startBlock}\n`,
  );
} finally {
  await services().db.end();
}
