import './platform/server-log.ts';
import { declarePublic, type Answering } from './public/declare.ts';

// Everything of the codebase `public`, and nothing else: what anybody may ask, without a database and without a vendor.

let answerMcp: Promise<Answering> | undefined;

async function openMcp(): Promise<Answering> {
  const { openMcp: open } = await import('./public/mcp/serve-mcp.ts');
  return open(process.env);
}

/** The MCP server for AI assistants. */
export const mcp = declarePublic(
  // A call takes milliseconds, so an instance serves many at once; the bound on instances is the second line against too many of them.
  { maxInstances: 4, concurrency: 80, timeoutSeconds: 30, signs: true },
  async (req, res) => {
    const answer = await (answerMcp ??= openMcp());
    await answer(req, res);
  },
);

let answerPages: Promise<Answering> | undefined;

async function openPages(): Promise<Answering> {
  const { openPages: open } = await import('./public/catalog-pages.ts');
  return open(process.env);
}

/** The catalogue as pages for people, and llms.txt. */
export const catalogPages = declarePublic(
  // A page is drawn in a millisecond or two, and the CDN keeps it for a minute.
  { maxInstances: 4, concurrency: 80, timeoutSeconds: 30, signs: true },
  async (req, res) => {
    const answer = await (answerPages ??= openPages());
    await answer(req, res);
  },
);
