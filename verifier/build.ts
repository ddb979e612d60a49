import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { en } from './src/words.en.ts';
import { fr } from './src/words.fr.ts';

const page = path.resolve(import.meta.dirname, 'src/page');

/** Nodes of the reader's choice may be asked, encrypted or on the reader's own computer; nothing else may be loaded or sent. */
const connect = 'https: http://localhost:* http://127.0.0.1:*';

/**
 * Makes the web page of the verifier: one file with all its code and style in it, which works wherever it is saved. Its own policy lets
 * exactly this script run. The same sources always give the same bytes.
 */
export async function buildPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(page, 'page.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  const [code] = outputFiles;
  if (!code) throw new Error('esbuild made nothing');
  // What ends a script or begins a comment in HTML can only stand in a text of ours, where this is the same text.
  const script = code.text.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--').trimEnd();
  const style = (await readFile(path.join(page, 'page.css'), 'utf8')).replaceAll(/\s+/g, ' ').trim();
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Record<string, string> = {
    POLICY: policy,
    STYLE: style,
    SCRIPT: script,
    NOSCRIPT_EN: en.page.noScript,
    NOSCRIPT_FR: fr.page.noScript,
  };
  const frame = await readFile(path.join(page, 'page.html'), 'utf8');
  // White space around script and style would be part of what is hashed.
  return frame.replaceAll(/(?<=>)\s*%([A-Z_]+)%\s*(?=<)|%([A-Z_]+)%/g, (_, alone?: string, inside?: string) => {
    return parts[alone ?? inside ?? ''] ?? '';
  });
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

// Run as `node verifier/build.ts`: writes the page to verifier/dist, for who wants to build it without the web app.
if (import.meta.main) {
  const target = path.resolve(import.meta.dirname, 'dist/dotm-verifier.html');
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, await buildPage());
  process.stdout.write(`${target}\n`);
}
