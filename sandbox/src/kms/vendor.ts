import type { Core, Vendor, VendorFact } from '../core/vendor.ts';
import { createKmsApi } from './api.ts';
import { createKmsControl } from './control.ts';
import { countKeys, seedKey } from './keys.ts';
import { readKmsSettings } from './settings.ts';

/** Builds the stand-in for Google Cloud KMS: it keeps signing keys and signs with them, over the paths and with the errors of the real one. */
export function createKmsVendor(core: Core): Vendor {
  seedKey(core.store);
  return {
    name: 'kms',
    title: 'Google Cloud KMS (signing keys)',
    app: createKmsApi(core),
    control: createKmsControl(core),
    facts: () => factsOf(core),
    reset: () => seedKey(core.store),
  };
}

function factsOf(core: Core): VendorFact[] {
  const { denied, damage } = readKmsSettings(core.store);
  return [
    { label: 'Key versions', value: countKeys(core.store) },
    { label: 'Callers', value: denied ? 'refused' : 'let in' },
    ...(damage === 'none' ? [] : [{ label: 'Answers', value: `damaged: ${damage}` }]),
  ];
}
