/**
 * Links that start the installation with one tap: iOS 17.4 and later, Android 10 and later. The activation code goes in
 * the query percent-encoded, because it holds `$` and `:`.
 */
export function installLinks(lpa: string): { ios: string; android: string } {
  const carddata = encodeURIComponent(lpa);
  return {
    ios: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${carddata}`,
    android: `https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${carddata}`,
  };
}

export type Device = 'iphone' | 'android' | 'other';

/** Guesses the device from the browser; an iPad that claims to be a Mac gives itself away by its touch screen. */
export function guessDevice(userAgent: string, touchPoints: number): Device {
  if (/iPhone|iPad/.test(userAgent) || (userAgent.includes('Macintosh') && touchPoints > 1)) return 'iphone';
  return userAgent.includes('Android') ? 'android' : 'other';
}
