/** Prints what the contracts say of themselves: `RPC_URL=https://… npm run status -w contracts -- sepolia`. */
import { formatUnits, JsonRpcProvider } from 'ethers';
import { DotmToken__factory, RewardDistributor__factory } from '../bindings/index.ts';
import { readLaunchRecord } from './records.ts';

const network = process.argv[2] ?? '';
const rpcUrl = process.env['RPC_URL'];
if (rpcUrl === undefined) throw new Error('set RPC_URL to a node of the network');
const record = readLaunchRecord(network);
const provider = new JsonRpcProvider(rpcUrl, record.chainId);
const token = DotmToken__factory.connect(record.token, provider);
const distributor = RewardDistributor__factory.connect(record.distributor, provider);
const micro = (amount: bigint): string => `${formatUnits(amount, 6)} DOTM`;
const [pending, pendingHere] = await Promise.all([token.pendingDefaultAdmin(), distributor.pendingDefaultAdmin()]);
const rows: [string, string][] = [
  ['token', record.token],
  ['distributor', record.distributor],
  ['supply', `${formatUnits(await token.totalSupply())} of ${formatUnits(await token.cap())} DOTM`],
  ['paused', String(await distributor.paused())],
  ['left today', micro(await distributor.leftNowMicro())],
  ['daily limit', micro(await distributor.dailyLimitMicro())],
  ['ceiling of an entry', micro(await distributor.entryCeilingMicro())],
  ['is the minter', String(await token.hasRole(await token.MINTER_ROLE(), record.distributor))],
  ['admin of the token', await token.defaultAdmin()],
  ['admin of the distributor', await distributor.defaultAdmin()],
  ['becoming admin', [pending, pendingHere].map(({ newAdmin, schedule }) => `${newAdmin} at ${schedule}`).join(', ')],
];
for (const [name, value] of rows) process.stdout.write(`${name.padEnd(25)} ${value}\n`);
provider.destroy();
