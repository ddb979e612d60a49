/** Where the payment provider's price ids are kept, by lookup key and amount in minor units. */
export interface PriceBook {
  find(lookupKey: string, amount: bigint): Promise<string | null>;
  save(lookupKey: string, amount: bigint, priceId: string): Promise<void>;
}
