import type { Core, PortName, Vendor, VendorFact } from '../core/vendor.ts';
import type { Fault } from '../core/faults.ts';
import type { WebhookMode } from '../core/webhooks.ts';
import { countMail } from '../mail/inbox.ts';

/** What one stand-in looks like from outside. */
export interface VendorState {
  name: string;
  title: string;
  url: string;
  calls: number;
  faults: number;
  facts: VendorFact[];
  webhooks: { mode: WebhookMode; url: string | null; held: number; waiting: number } | null;
}

/** The whole sandbox at a glance. */
export interface SandboxState {
  urls: Record<PortName, string>;
  now: string;
  offsetSeconds: number;
  mail: number;
  faults: Fault[];
  vendors: VendorState[];
}

/** Gathers what the overview page and `GET /control/state` tell. */
export function sandboxState(core: Core, vendors: Vendor[]): SandboxState {
  return {
    urls: core.urls,
    now: core.clock.now().toISOString(),
    offsetSeconds: core.clock.offsetMs / 1000,
    mail: countMail(core.store),
    faults: core.faults.list(),
    vendors: vendors.map((vendor) => vendorState(core, vendor)),
  };
}

function vendorState(core: Core, vendor: Vendor): VendorState {
  const sender = core.webhooks.get(vendor.name);
  const { name, title } = vendor;
  return {
    name,
    title,
    url: core.urls[name],
    calls: core.calls.count(name),
    faults: core.faults.list(name).length,
    facts: vendor.facts?.() ?? [],
    webhooks: sender
      ? {
          mode: sender.mode,
          url: sender.url,
          held: sender.count('held'),
          waiting: sender.count('waiting'),
        }
      : null,
  };
}

/** Empties the sandbox: objects, journals, faults, clock, mail. Webhook targets stay, because they are wiring. */
export function resetSandbox(core: Core, vendors: Vendor[]): void {
  core.webhooks.reset(() => core.store.clear());
  for (const vendor of vendors) vendor.reset?.();
}
