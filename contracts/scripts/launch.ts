/**
 * Launches the contracts: `npm run launch -w contracts -- sepolia`. docs/runbooks/token.md says what comes before and after.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import hre, { network } from 'hardhat';
import { isLaunchNetwork, NETWORKS, readLaunchSettings } from './launch-terms.ts';
import { performLaunch } from './perform-launch.ts';

const name = process.argv[2];
if (!isLaunchNetwork(name)) throw new Error(`usage: npm run launch -w contracts -- ${NETWORKS.join('|')}`);

await hre.tasks.getTask('build').run({ defaultBuildProfile: 'production', noTests: true, quiet: true });
const connection = await network.create(name);
const record = await performLaunch(name, readLaunchSettings(name), connection, { displayUi: true });
process.stdout.write(`token        ${record.token}\ndistributor  ${record.distributor}\n`);
process.stdout.write(
  'Every role is with the account that the settings name, and with no other: the deployer holds none.\n',
);

if (name !== 'local') {
  const file = path.resolve(import.meta.dirname, `../deployments/${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  process.stdout.write(
    `Commit contracts/deployments/${name}.json and contracts/ignition/deployments/chain-${String(record.chainId)}.\n`,
  );
}
