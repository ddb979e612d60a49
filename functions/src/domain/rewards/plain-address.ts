/**
 * The e-mail address by which a person is counted once: lower case, and without what comes after a plus sign, which most providers
 * deliver to the same person. What stands in quotes before the at sign is left as it is.
 */
export function plainAddress(email: string): string {
  const address = email.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const plus = address.indexOf('+');
  if (address.startsWith('"') || plus < 1 || plus > at) return address;
  return address.slice(0, plus) + address.slice(at);
}
