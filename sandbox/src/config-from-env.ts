import type { SandboxConfig } from './core/vendor.ts';

/**
 * Reads the configuration from the environment: SANDBOX_DATA, SANDBOX_<NAME>_PORT, SANDBOX_HOST, SANDBOX_STRIPE_WEBHOOK_URL,
 * _SECRET and _EVENTS (types separated by commas; all when empty). Throws an error that names the variable when a port is no port or only one of the webhook's two is given.
 */
export function configFromEnv(env: Record<string, string | undefined>): SandboxConfig {
  const url = env['SANDBOX_STRIPE_WEBHOOK_URL'];
  const secret = env['SANDBOX_STRIPE_WEBHOOK_SECRET'];
  if (Boolean(url) !== Boolean(secret)) {
    throw new Error('SANDBOX_STRIPE_WEBHOOK_URL and SANDBOX_STRIPE_WEBHOOK_SECRET go together: set both or none');
  }
  return {
    dataFile: env['SANDBOX_DATA'] || '.dotm/sandbox.sqlite',
    host: env['SANDBOX_HOST'] || undefined,
    ports: {
      console: portOf(env, 'SANDBOX_CONSOLE_PORT', 4700),
      stripe: portOf(env, 'SANDBOX_STRIPE_PORT', 4701),
      oxio: portOf(env, 'SANDBOX_OXIO_PORT', 4702),
      sendgrid: portOf(env, 'SANDBOX_SENDGRID_PORT', 4703),
      kms: portOf(env, 'SANDBOX_KMS_PORT', 4704),
      elevenlabs: portOf(env, 'SANDBOX_ELEVENLABS_PORT', 4705),
      smtp: portOf(env, 'SANDBOX_SMTP_PORT', 4725),
    },
    stripeWebhook: url && secret ? { url, secret, events: listOf(env['SANDBOX_STRIPE_WEBHOOK_EVENTS']) } : undefined,
  };
}

function listOf(text: string | undefined): string[] | undefined {
  return text ? text.split(',').map((type) => type.trim()) : undefined;
}

function portOf(env: Record<string, string | undefined>, name: string, standard: number): number {
  const text = env[name];
  if (!text) return standard;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} must be a port, got ${text}`);
  return port;
}
