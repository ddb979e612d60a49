/** What an operator sets for the public functions. `.env.example` explains each. */
export interface PublicSettings {
  /** Public address of the web app, without a slash at the end. */
  readonly appUrl: string;
  /** Where the published catalogue is read. */
  readonly catalogUrl: string;
  /** Names under which the MCP server may be called, besides the web app's. Lower case, without a port. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may call the MCP server, besides the web app's. */
  readonly allowedOrigins: readonly string[];
  /** Whether the payment page adds tax to the prices. */
  readonly taxes: boolean;
  /** Calls of one client in a minute. */
  readonly callsPerMinute: number;
}

/** Far more than a conversation needs, far less than what would be felt. */
const defaultCallsPerMinute = 120;

/**
 * Reads the settings. A function reads them here and not through Firebase's parameters, whose library it does not load; empty counts as
 * absent. Throws when APP_URL is no address or PUBLIC_CALLS_PER_MINUTE no whole number from 1.
 */
export function readSettings(env: NodeJS.ProcessEnv): PublicSettings {
  const appUrl = (env['APP_URL'] ?? '').replace(/\/$/, '');
  if (!URL.canParse(appUrl)) throw new Error('APP_URL must be the address of the web app');
  const callsPerMinute = Number(env['PUBLIC_CALLS_PER_MINUTE'] || defaultCallsPerMinute);
  if (!Number.isSafeInteger(callsPerMinute) || callsPerMinute < 1) {
    throw new Error('PUBLIC_CALLS_PER_MINUTE must be a whole number from 1');
  }
  return {
    appUrl,
    catalogUrl: env['CATALOG_URL'] || `${appUrl}/api/catalog`,
    allowedHosts: listOf(env['MCP_ALLOWED_HOSTS']).map((host) => host.toLowerCase()),
    allowedOrigins: listOf(env['MCP_ALLOWED_ORIGINS']),
    taxes: env['STRIPE_TAX'] === 'true',
    callsPerMinute,
  };
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
