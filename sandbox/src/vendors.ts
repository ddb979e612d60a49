import type { Core, Vendor } from './core/vendor.ts';
import { createElevenLabsVendor } from './elevenlabs/vendor.ts';
import { createKmsVendor } from './kms/vendor.ts';
import { createSendgridVendor } from './mail/sendgrid.ts';
import { createOxioVendor } from './oxio/vendor.ts';
import { createStripeVendor } from './stripe/vendor.ts';

/** Builds every stand-in. A new vendor is one line here, one port in `SandboxConfig`, and its folder. */
export function createVendors(core: Core): Vendor[] {
  return [
    createStripeVendor(core),
    createOxioVendor(core),
    createSendgridVendor(core),
    createKmsVendor(core),
    createElevenLabsVendor(core),
  ];
}
