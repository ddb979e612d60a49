/**
 * From when rewards may go to a wallet that is linked now. The first wallet of an account at once. Every later one after the cooling-off
 * time, also where none is linked at the moment: whoever took over an account could unlink first. The owner, who gets a mail, has
 * that long to stop it.
 */
export function usableFrom(linkedAt: Date, hadWalletBefore: boolean, coolingHours: number): Date {
  return hadWalletBefore ? new Date(linkedAt.getTime() + coolingHours * 3_600_000) : linkedAt;
}

/**
 * True while a wallet waits: no reward goes to it, and the change can be stopped. One that was usable when it was linked never waits, also
 * for a caller whose clock is a little behind the one that linked it.
 */
export function isCooling({ linkedAt, usableFrom }: { linkedAt: Date; usableFrom: Date }, now: Date): boolean {
  return linkedAt < usableFrom && now < usableFrom;
}
