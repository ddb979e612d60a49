import type { Hono } from 'hono';
import type { Calls } from './calls.ts';
import type { SandboxClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Store } from './store.ts';
import type { WebhookHub } from './webhooks.ts';

/** The names of the ports that the sandbox listens on. */
export type PortName = 'console' | 'stripe' | 'oxio' | 'sendgrid' | 'kms' | 'elevenlabs' | 'smtp';

/** How to run a sandbox. A port of 0 takes any free one; `dataFile` `:memory:` keeps nothing. */
export interface SandboxConfig {
  dataFile: string;
  ports: Record<PortName, number>;
  /**
   * Where Stripe's events go, the secret that signs them, and which types the endpoint asked for (all when absent). Without it they
   * wait until control names a target.
   */
  stripeWebhook?: { url: string; secret: string; events?: readonly string[] | undefined } | undefined;
  /** The interface to listen on; 127.0.0.1 when absent: a stand-in has no business on a network. */
  host?: string | undefined;
}

/** What every vendor stand-in is given. */
export interface Core {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  calls: Calls;
  webhooks: WebhookHub;
  config: SandboxConfig;
  /** Base URLs without a trailing slash, complete once the sandbox listens: read them while answering, never while building. */
  urls: Record<PortName, string>;
}

/** Hono's environment in the sandbox: the middleware leaves the fault it played for the journal. */
export interface SandboxEnv {
  Variables: { fault?: string };
}

/** One figure or setting of a vendor that the console's overview shows. */
export interface VendorFact {
  label: string;
  value: string | number;
}

/**
 * A stand-in for one outside service. `app` is served on the vendor's own port (journal and faults are put around it),
 * `control` under `/control/<name>` of the console port.
 */
export interface Vendor {
  name: 'stripe' | 'oxio' | 'sendgrid' | 'kms' | 'elevenlabs';
  title: string;
  app: Hono;
  control?: Hono;
  /** Tells the overview what is in the stand-in now. */
  facts?: () => VendorFact[];
  /** Called after a reset emptied the store: forget timers and caches, seed anew. */
  reset?: () => void;
  /** Ends what the vendor started (timers). */
  stop?: () => void | Promise<void>;
}
