/** Writes wei as a decimal of a unit that has so many decimals, exactly, without zeros at the end. */
function decimal(wei: bigint, decimals: number): string {
  const digits = wei.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -decimals) : `${digits.slice(0, -decimals)}.${fraction}`;
}

/** Wei as ether. */
export function formatEther(wei: bigint): string {
  return decimal(wei, 18);
}

/** Wei as gwei, in which the price of gas is told. */
export function formatGwei(wei: bigint): string {
  return decimal(wei, 9);
}
