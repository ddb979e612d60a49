/** Links that open the phone's own eSIM set-up. Always offered beside the QR code and manual entry, never instead. */
export interface InstallLinks {
  /** iOS 17.4 and later. */
  apple: string;
  /** Android 10 and later. */
  android: string;
}

/**
 * Makes the one-tap links of an activation code (`LPA:1$…`, exactly as the carrier gave it). It goes in the query percent-encoded,
 * because it holds `$` and `:`.
 */
export function installLinks(lpa: string): InstallLinks {
  const carddata = encodeURIComponent(lpa);
  return {
    apple: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${carddata}`,
    android: `https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${carddata}`,
  };
}
