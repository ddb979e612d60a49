/**
 * Prints a transaction for the admin or the guardian to send, and tries it first: `npm run call -w contracts -- sepolia set-limits 20000 500`.
 * It holds no key and sends nothing.
 */
import { isCallException, JsonRpcProvider } from 'ethers';
import { DotmToken__factory, RewardDistributor__factory } from '../bindings/index.ts';
import { isLaunchNetwork } from './launch-terms.ts';
import { readLaunchRecord } from './records.ts';
import { makeRoleCall, roleCallUsage } from './role-calls.ts';

const [network, name = '', ...words] = process.argv.slice(2);
if (!isLaunchNetwork(network) || network === 'local' || name === '') {
  const calls = roleCallUsage().map((usage) => `  ${usage}`);
  throw new Error(
    `usage: npm run call -w contracts -- sepolia|mainnet <call>, where <call> is one of\n${calls.join('\n')}`,
  );
}
const record = readLaunchRecord(network);
const call = makeRoleCall(record, name, words);
process.stdout.write(`from  the ${call.sender}\nto    ${call.to}\ndata  ${call.data}\n\n${call.meaning}\n`);

const rpcUrl = process.env['RPC_URL'];
if (rpcUrl === undefined)
  process.stdout.write('Not tried: set RPC_URL to have it tried on the chain without sending it.\n');
else {
  const provider = new JsonRpcProvider(rpcUrl, record.chainId);
  const admin = await DotmToken__factory.connect(record.token, provider).defaultAdmin();
  const from = call.sender === 'admin' ? admin : record.terms.guardian;
  const answer = await provider.call({ from, to: call.to, data: call.data }).then(() => 'accept it', refusal);
  process.stdout.write(`Tried as ${from}: the chain would ${answer}.\n`);
  provider.destroy();
}

/** Says in the contract's own words why it refuses. Throws what is no refusal: a node that does not answer proves nothing. */
function refusal(error: unknown): string {
  if (!isCallException(error)) throw error;
  const reason = error.data === null ? null : RewardDistributor__factory.createInterface().parseError(error.data);
  return `refuse it: ${reason ? `${reason.name}(${reason.args.map(String).join(', ')})` : error.message}`;
}
