import { Wallet } from 'ethers';
import type { Hex } from './port.ts';
import type { ChainSigner } from './signer.ts';
import { toEip1559, toTypedDataFields } from './contracts.ts';

/**
 * Makes a signer of a private key. For local worlds and test chains: on a chain whose tokens are worth something the key lies in the key
 * service. Throws an error that doesn't repeat the key when it is none.
 */
export function createLocalSigner(privateKey: string): ChainSigner {
  if (!/^0x[0-9a-f]{64}$/i.test(privateKey)) {
    throw new Error('CHAIN_SIGNER_KEY must be a private key: 0x and 64 hex digits');
  }
  const wallet = new Wallet(privateKey);
  const address = wallet.address.toLowerCase() as Hex;
  return {
    address: async () => address,
    signTransaction: async (fields) => (await wallet.signTransaction(toEip1559(fields))) as Hex,
    signTypedData: async (domain, types, value) =>
      (await wallet.signTypedData(domain, toTypedDataFields(types), value)) as Hex,
  };
}
