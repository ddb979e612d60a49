import { serve } from '@hono/node-server';
import type { ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { createConsoleApp } from './console/console-app.ts';
import { createControlApp } from './control/control-app.ts';
import { Calls } from './core/calls.ts';
import { SandboxClock } from './core/clock.ts';
import { Faults } from './core/faults.ts';
import { openStore } from './core/store.ts';
import type { Core, PortName, SandboxConfig, SandboxEnv, Vendor } from './core/vendor.ts';
import { WebhookHub } from './core/webhooks.ts';
import { startSmtp } from './mail/smtp.ts';
import { createVendors } from './vendors.ts';

export type { SandboxConfig } from './core/vendor.ts';

/** A sandbox that listens. `urls` have no trailing slash; smtp's reads `smtp://host:port`. */
export interface RunningSandbox {
  urls: Record<PortName, string>;
  core: Core;
  /** Ends everything: calls that hang, connections, planned webhooks, the store. */
  stop(): Promise<void>;
}

/**
 * Starts every stand-in, the control API and the console in this process. Used by `main.ts` and, with ports 0 and `:memory:`, by
 * integration tests. Rejects, with everything closed again, when a port is taken.
 */
export async function startSandbox(config: SandboxConfig): Promise<RunningSandbox> {
  const core = createCore(config);
  const vendors = createVendors(core);
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    core.faults.close();
    for (const sender of core.webhooks.all()) await sender.stop();
    for (const vendor of vendors) await vendor.stop?.();
    for (const close of closers) await close();
    core.store.close();
  };
  try {
    for (const vendor of vendors) {
      closers.push(await listen(core, vendor.name, withJournalAndFaults(core, vendor)));
    }
    const smtp = await startSmtp(core);
    core.urls.smtp = `smtp://${config.host ?? '127.0.0.1'}:${smtp.port}`;
    closers.push(smtp.close);
    const consolePort = new Hono()
      .mount('/control', createControlApp(core, vendors).fetch)
      .mount('/', createConsoleApp(core, vendors).fetch);
    closers.push(await listen(core, 'console', consolePort));
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls: core.urls, core, stop };
}

function createCore(config: SandboxConfig): Core {
  const store = openStore(config.dataFile);
  return {
    store,
    clock: new SandboxClock(store),
    faults: new Faults(store),
    calls: new Calls(store),
    webhooks: new WebhookHub(),
    config,
    urls: { console: '', stripe: '', oxio: '', sendgrid: '', kms: '', elevenlabs: '', smtp: '' },
  };
}

/** Wraps a vendor so that its own app, not-found and error answers included, is what the journal sees and faults hit. */
function withJournalAndFaults(core: Core, vendor: Vendor): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.use(core.calls.middleware(vendor.name));
  app.use(core.faults.middleware(vendor.name));
  app.all('*', (c) => vendor.app.fetch(c.req.raw, c.env));
  return app;
}

/** Serves an app on the configured port, notes its URL, and answers what closes it. */
async function listen(core: Core, name: PortName, app: { fetch: Hono['fetch'] }): Promise<() => Promise<void>> {
  const hostname = core.config.host ?? '127.0.0.1';
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, port: core.config.ports[name], hostname }, (info) => {
      core.urls[name] = `http://${hostname}:${info.port}`;
      resolve(starting);
    });
    starting.once('error', reject);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
}
