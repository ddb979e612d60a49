import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solidityPackedKeccak256 } from 'ethers';
import {
  distributeCall,
  distributorInterface,
  hashEntries,
  hashOfRaw,
  packEntries,
  readRaw,
  revertReason,
  tokenInterface,
  unpackEntries,
} from './contracts.ts';
import { createLocalSigner } from './local-signer.ts';

const address = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 40, maxLength: 40 })
  .map((digits) => `0x${digits.map((digit) => digit.toString(16)).join('')}`);
const entries = fc.array(fc.record({ address, amountMicro: fc.bigInt({ min: 1n, max: (1n << 96n) - 1n }) }), {
  minLength: 1,
  maxLength: 20,
});

it('entries are packed as the contract reads them, and hashed as it hashes them', () => {
  fc.assert(
    fc.property(entries, fc.bigInt({ min: 0n, max: 1n << 60n }), (some, batchId) => {
      const words = packEntries(some);
      expect(unpackEntries(words)).toEqual(some);
      const [id, packed] = distributorInterface.decodeFunctionData('distribute', distributeCall(batchId, words));
      expect(id).toBe(batchId);
      const numbers = [...(packed as bigint[])];
      expect(numbers).toEqual(some.map((entry) => (BigInt(entry.address) << 96n) | entry.amountMicro));
      expect(hashEntries(words)).toBe(solidityPackedKeccak256(['uint256[]'], [numbers]));
    }),
  );
});

it('what pays nothing, does not fit or names no address is never packed', () => {
  const to = `0x${'12'.repeat(20)}`;
  for (const bad of [
    { address: to, amountMicro: 0n },
    { address: to, amountMicro: -1n },
    { address: to, amountMicro: 1n << 96n },
    { address: '0x12', amountMicro: 1n },
  ]) {
    expect(() => packEntries([bad])).toThrow(RangeError);
  }
});

it('every refusal of our contracts has a name, and what is not ours has none', () => {
  expect(revertReason(distributorInterface.encodeErrorResult('DailyLimitExceeded', [2n, 1n]))).toBe(
    'DailyLimitExceeded',
  );
  expect(revertReason(distributorInterface.encodeErrorResult('EnforcedPause', []))).toBe('EnforcedPause');
  expect(revertReason(tokenInterface.encodeErrorResult('ERC20ExceededCap', [2n, 1n]))).toBe('ERC20ExceededCap');
  for (const foreign of ['0x', '0x12345678', undefined, 7]) expect(revertReason(foreign)).toBe('unknown');
});

it('a local key signs what it is given, for this chain alone, and nothing says the key', async () => {
  const key = `0x${'12'.repeat(32)}`;
  const signer = createLocalSigner(key);
  const to = `0x${'34'.repeat(20)}`;
  const fields = { chainId: 5, nonce: 7, to, data: '0xabcd', gasLimit: 1n, maxFeeWei: 2n, tipWei: 1n } as const;
  const raw = await signer.signTransaction(fields);
  expect(readRaw(raw)).toEqual({ from: await signer.address(), nonce: 7, data: '0xabcd' });
  expect(hashOfRaw(raw)).not.toBe(hashOfRaw(await signer.signTransaction({ ...fields, chainId: 6 })));
  expect(() => createLocalSigner(key.slice(0, -1))).toThrow(/CHAIN_SIGNER_KEY(?!.*1212)/);
});
