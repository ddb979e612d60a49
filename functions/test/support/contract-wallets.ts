import { Wallet } from 'ethers';
import { anvilKeys, type TestChain } from './chain.ts';

/*
 * Contracts as they may stand behind a wallet address, put together by hand so that no test waits for the compiler. Each is asked
 * isValidSignature(bytes32 hash, bytes signature): hash at byte 4 of the call, a signature of 65 bytes at byte 0x64.
 */

/** Code that returns `hex` as it is. */
function returns(hex: string): string {
  const size = (hex.length / 2).toString(16).padStart(4, '0');
  // PUSH2 size, PUSH1 0x0c (where the data begin), PUSH0, CODECOPY; PUSH2 size, PUSH0, RETURN; data
  return `61${size}600c5f39${`61${size}5ff3`}${hex}`;
}

/** What EIP-1271 wants to hear: four bytes at the front of a word. */
const yes = `1626ba7e${'0'.repeat(56)}`;

/** Code of contracts, by what they do when asked. */
export const walletCode = {
  /**
   * A wallet with one owner, as most are:
   * `require(ecrecover(hash, v, r, s) == owner); return 0x1626ba7e;`
   */
  ownedBy: (owner: string) =>
    [
      '600435' + '5f52', // mem[0x00] = hash
      '60a435' + '5f1a' + '602052', // mem[0x20] = first byte after r and s: v
      '606435' + '604052', // mem[0x40] = r
      '608435' + '606052', // mem[0x60] = s
      '6020' + '6080' + '6080' + '5f' + '6001' + '5a' + 'fa' + '50', // ecrecover(mem[0x00..0x80]) -> mem[0x80]
      '608051' + `73${owner.slice(2).toLowerCase()}` + '14', // is it the owner?
      '6044' + '57' + '5f5ffd', // revert when it is not
      '5b' + '631626ba7e' + '60e01b' + '5f52' + '60205ff3', // return the word that says yes
    ].join(''),
  /** Says yes to everybody, in the agreed form. */
  agreeing: returns(yes),
  /** `revert()` */
  reverting: '5f5ffd',
  /** `revert(…)` with 4 kB of reason. */
  revertingAtLength: '6110005ffd',
  /** `while (true) {}` until the gas is gone. */
  endless: '5b5f56',
  /** `while (true) { expand memory }`: gas and memory. */
  hungry: '5b6201000059015f9052' + '5f56',
  /** An instruction that does not exist. */
  invalid: 'fe',
  /** A jump to where no jump may go. */
  lost: '60ff56',
  /** Answers with nothing, as an account that takes ether does. */
  silent: '00',
  /** Answers with something else. */
  rubbish: returns('ff'.repeat(32)),
  /** `return true`: says yes as another standard would. */
  sayingTrue: returns(`${'0'.repeat(63)}1`),
  /** The right bytes at the wrong end of the word. */
  wrongEnd: returns(`${'0'.repeat(56)}1626ba7e`),
  /** The right bytes, and dirt behind them. */
  dirty: returns(`1626ba7e${'1'.repeat(56)}`),
  /** The right four bytes alone. */
  tooShort: returns('1626ba7e'),
  /** The right word and another. */
  tooLong: returns(yes + yes),
  /** The right word and 64 kB more. */
  muchTooLong: `7f${yes}5f52620100005ff3`,
} as const;

/** Puts a contract on the chain with a transaction, as its owner would. Returns its address in lower case. */
export async function deployCode(chain: TestChain, code: string): Promise<`0x${string}`> {
  const size = (code.length / 2).toString(16).padStart(4, '0');
  // PUSH2 size, DUP1, PUSH1 0x0b (where the code begins), PUSH0, CODECOPY, PUSH0, RETURN
  const creation = `0x61${size}80600a5f395ff3${code}`;
  const deployer = new Wallet(anvilKeys.deployer, chain.provider);
  const sent = await deployer.sendTransaction({ data: creation, gasLimit: 3_000_000n });
  await chain.mine();
  const receipt = await sent.wait();
  const address = receipt?.contractAddress?.toLowerCase();
  if ((await chain.rpc<string>('eth_getCode', [address, 'latest'])) !== `0x${code}`) {
    throw new Error('the contract is not on the chain as it was written');
  }
  return address as `0x${string}`;
}

/** Makes the account of `wallet` run a contract's code, as a smart account does (EIP-7702). Somebody else pays for it. */
export async function delegate(chain: TestChain, wallet: Wallet, to: string): Promise<void> {
  const authorization = await wallet.authorize({ address: to, nonce: 0n, chainId: BigInt(chain.settings.chainId) });
  const payer = new Wallet(anvilKeys.deployer, chain.provider);
  const sent = await payer.sendTransaction({
    ...{ type: 4, to: payer.address, authorizationList: [authorization], gasLimit: 200_000n },
  });
  await chain.mine();
  await sent.wait();
  const code = await chain.rpc<string>('eth_getCode', [wallet.address, 'latest']);
  if (code !== `0xef0100${to.slice(2).toLowerCase()}`) throw new Error('the account runs no code');
}
