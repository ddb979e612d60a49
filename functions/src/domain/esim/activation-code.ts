/**
 * What an eSIM's activation code says (GSMA SGP.22 §4.1). The matching id is a secret of the member until the profile is
 * installed: whoever has it can download the eSIM.
 */
export interface ActivationCode {
  /** Host of the SM-DP+ server that holds the profile. */
  smdpAddress: string;
  /** Names the profile on that server; may be empty, then the server finds it by the device's EID. */
  matchingId: string;
  /** Object identifier of the server, null when the code names none. */
  oid: string | null;
  /** True when the user must type a confirmation code, which never stands in the activation code itself. */
  confirmationCodeRequired: boolean;
}

const prefix = 'LPA:';
// Labels of letters, digits and hyphens, joined by dots; some servers name a port.
const hostPattern = /^[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)+(?::\d{1,5})?$/i;
// The standard wants capitals, digits and hyphens; carriers are known to use more, which phones accept.
const matchingIdPattern = /^[\w.~+/=-]*$/;
const oidPattern = /^\d+(?:\.\d+)*$/;

/**
 * Reads `1$<SM-DP+ host>$<matching id>[$<oid>[$1]]`, with or without the `LPA:` of a QR code. Returns null for anything
 * else, so that nobody is shown halves of a code that no phone would take.
 */
export function parseActivationCode(text: string): ActivationCode | null {
  const fields = (text.startsWith(prefix) ? text.slice(prefix.length) : text).split('$');
  const [format, smdpAddress, matchingId, oid = '', flag = ''] = fields;
  if (format !== '1' || smdpAddress === undefined || matchingId === undefined || fields.length > 5) return null;
  if (!hostPattern.test(smdpAddress) || !matchingIdPattern.test(matchingId)) return null;
  if (oid !== '' && !oidPattern.test(oid)) return null;
  if (flag !== '' && flag !== '1') return null;
  return { smdpAddress, matchingId, oid: oid === '' ? null : oid, confirmationCodeRequired: flag === '1' };
}

/** Writes an activation code as a QR code carries it, `LPA:` first. The flag without an oid leaves its field empty. */
export function formatActivationCode(code: ActivationCode): string {
  const fields = ['1', code.smdpAddress, code.matchingId];
  if (code.oid !== null || code.confirmationCodeRequired) fields.push(code.oid ?? '');
  if (code.confirmationCodeRequired) fields.push('1');
  return prefix + fields.join('$');
}
