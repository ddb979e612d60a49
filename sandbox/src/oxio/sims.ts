import type { Core } from '../core/vendor.ts';
import { invalidParameters, outOfStock } from './errors.ts';
import { iccidOf, newActivationCode } from './formats.ts';
import { readSettings } from './settings.ts';

/** A SIM of the brand's stock. `COLD` is unused; `WARM` was seen on a used one [O]; later states are unknown. */
export interface Sim {
  iccid: string;
  simType: 'EMBEDDED' | 'PHYSICAL';
  status: 'COLD' | 'WARM';
  countryCode: 'US';
  /** Kept here and shown on the line only: `GET /v3/sims` is not known to tell it. */
  activationCode: string;
  lineId: string | null;
}

// Enough to try form 1 with an ICCID of one's choice; stock refills itself, so nobody runs dry by accident.
const SEEDED = 20;

/** Puts the first SIMs into an empty stock. */
export function seedSims(core: Core): void {
  core.store.transaction(() => {
    if (core.store.count('oxio-sim') > 0) return;
    for (let i = 0; i < SEEDED; i++) addSim(core);
  });
}

/** Finds a SIM by its wire ICCID, filler included. */
export function getSim(core: Core, iccid: string): Sim | undefined {
  return core.store.get<Sim>('oxio-sim', iccid);
}

/**
 * Takes a SIM for a line: the one asked for, or the next of the stock. Throws when the stock was told to be empty, or the SIM
 * asked for is unknown, of another type, or already used (the last three: assumed code 3).
 */
export function takeSim(
  core: Core,
  lineId: string,
  wanted: { simType: Sim['simType']; iccid?: string | undefined },
): Sim {
  if (readSettings(core.store).stockEmpty) throw outOfStock();
  const sim = wanted.iccid ? getSim(core, wanted.iccid) : nextSim(core, wanted.simType);
  if (!sim || sim.lineId || sim.simType !== wanted.simType) throw invalidParameters();
  const taken: Sim = { ...sim, status: 'WARM', lineId };
  saveSim(core, taken);
  return taken;
}

function nextSim(core: Core, simType: Sim['simType']): Sim | undefined {
  // Physical cards are posted to people: OXIO cannot pick one for a caller.
  if (simType === 'PHYSICAL') return undefined;
  return core.store.list<Sim>('oxio-sim', { used: 'no' }, { limit: 1 })[0] ?? addSim(core);
}

function addSim(core: Core): Sim {
  const sim: Sim = {
    iccid: iccidOf(core.store.nextNumber('oxio-sim')),
    simType: 'EMBEDDED',
    status: 'COLD',
    countryCode: 'US',
    activationCode: newActivationCode(),
    lineId: null,
  };
  saveSim(core, sim);
  return sim;
}

function saveSim(core: Core, sim: Sim): void {
  core.store.put('oxio-sim', sim.iccid, sim, { used: sim.lineId ? 'yes' : 'no' });
}
