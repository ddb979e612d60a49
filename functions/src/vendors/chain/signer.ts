import type { Hex } from './port.ts';

/** A transaction to be signed. Type 2: fees are named by the most that they may be, in wei for each unit of gas. */
export interface TransactionFields {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: string;
  readonly data: Hex;
  readonly gasLimit: bigint;
  readonly maxFeeWei: bigint;
  readonly tipWei: bigint;
}

/** The scope of typed data (EIP-712): a signature for one contract or service on one chain is none for another. */
export interface TypedDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId?: number;
  readonly verifyingContract?: string;
}

/** Names the fields of each type, the first being the one that is signed. */
export type TypedFields = Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;

/**
 * The key that pays rewards. Where it lies is its own business: in a local world in the environment, else in the key service, which
 * never gives it away. Throws `vendor.unavailable` when the key service can't be asked. It may sign the same thing differently each time.
 */
export interface ChainSigner {
  /** In lower case. */
  address(): Promise<Hex>;
  /** Returns the transaction as it goes over the wire. Nothing is sent. */
  signTransaction(fields: TransactionFields): Promise<Hex>;
  signTypedData(domain: TypedDomain, types: TypedFields, value: Readonly<Record<string, unknown>>): Promise<Hex>;
}
