import type { Core, Vendor, VendorFact } from '../core/vendor.ts';
import { createOxioApi } from './api.ts';
import { createOxioControl } from './control.ts';
import { readSettings } from './settings.ts';
import { seedSims } from './sims.ts';

/** Builds the stand-in for OXIO: a stateful carrier that behaves as the facts say, the unpleasant ones included. */
export function createOxioVendor(core: Core): Vendor {
  seedSims(core);
  return {
    name: 'oxio',
    title: 'OXIO (carrier)',
    app: createOxioApi(core),
    control: createOxioControl(core),
    facts: () => factsOf(core),
    reset: () => seedSims(core),
  };
}

function factsOf(core: Core): VendorFact[] {
  const settings = readSettings(core.store);
  return [
    { label: 'End users', value: core.store.count('oxio-end-user') },
    { label: 'Lines', value: core.store.count('oxio-line') },
    { label: 'Plans on lines', value: core.store.count('oxio-subscription') },
    { label: 'Number after', value: `${settings.numberDelaySeconds} s` },
    { label: 'Stock', value: settings.stockEmpty ? 'empty' : 'filled' },
    ...(settings.refuseLines ? [{ label: 'Lines', value: `refused, code ${settings.refuseLines.code}` }] : []),
  ];
}
