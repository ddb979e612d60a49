/**
 * Prints `server.json`, which says to the public registry of MCP servers what this installation's server is and where:
 *
 *   APP_URL=https://app.example.com node functions/src/ops/server-json.ts > server.json
 *
 * docs/mcp.md says how it is published.
 */
import { fileURLToPath } from 'node:url';
import { identityOf } from '../public/mcp/server.ts';

/** The registry takes no more. */
const longestDescription = 100;

/** Describes the server at `appUrl`. Its name begins with the domain turned around, which the registry has its owner prove. */
export function serverJson(appUrl: string): Record<string, unknown> {
  const { name, title, version, description, websiteUrl } = identityOf(appUrl);
  if (description === undefined || description.length > longestDescription) {
    throw new RangeError(`the description of the server must have 1 to ${String(longestDescription)} characters`);
  }
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: `${new URL(appUrl).hostname.split('.').reverse().join('.')}/${name}`,
    title,
    description,
    version,
    websiteUrl,
    remotes: [{ type: 'streamable-http', url: `${appUrl}/mcp` }],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const appUrl = process.env['APP_URL']?.replace(/\/$/, '');
  if (!appUrl?.startsWith('https://')) throw new Error('APP_URL must be the https address of the web app');
  process.stdout.write(`${JSON.stringify(serverJson(appUrl), null, 2)}\n`);
}
