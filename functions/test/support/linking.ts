import { Wallet } from 'ethers';
import type { Id } from '../../src/shared/ids.ts';
import type { TestChain } from './chain.ts';
import { shop, type Shop, type Shopper } from './shopping.ts';

/** A key that some wallet holds; the backend never sees it. */
export type Key = Pick<Wallet, 'address' | 'signMessage'>;

/** A shop that pays its rewards on `chain`. */
export async function shopOn(chain: TestChain): Promise<Shop> {
  return Object.assign(await shop({ chain: chain.settings }), chain.services);
}

/** A wallet that nobody else has. */
export function newKey(): Key {
  return Wallet.createRandom();
}

/** Has a message handed out for `key` and signs it, as a wallet would. Give `address` for a contract that the key speaks for. */
export async function signedMessage(
  who: Shopper,
  key: Key,
  address = key.address,
): Promise<{ nonce: string; message: string; signature: string }> {
  const { nonce, message } = await who.call('startWalletLink', { address });
  return { nonce, message, signature: await key.signMessage(message) };
}

/** Links the wallet of `key` to the account of `who`. */
export async function link(who: Shopper, key: Key, address = key.address) {
  const { nonce, signature } = await signedMessage(who, key, address);
  return (await who.call('confirmWalletLink', { nonce, signature })).wallet;
}

/** What the database holds about a member's wallets, oldest first. */
export async function historyOf(
  t: Shop,
  memberId: string,
): Promise<{ id: Id<'wallet'>; address: string | null; because: string | null; usable_from: Date }[]> {
  const { rows } = await t.db.query<{
    id: Id<'wallet'>;
    address: string | null;
    because: string | null;
    usable_from: Date;
  }>('select id, address, unlinked_because as because, usable_from from wallet where member_id = $1 order by id', [
    memberId,
  ]);
  return rows;
}
