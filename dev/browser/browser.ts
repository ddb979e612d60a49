import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where a system's own browser usually is. */
const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Root in a container has no user namespaces to sandbox with, no GPU, and no business with Google's servers. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
  '--lang=en-US',
];

interface Executable {
  readonly file: string;
  readonly env: Record<string, string>;
}

/** Tells whether `launchBrowser` can work here, and if not, why. The npm package holds a Chromium for Linux on x64 only. */
export function browserMissing(): string | undefined {
  if (systemBrowser() !== undefined) return undefined;
  if (process.platform === 'linux' && process.arch === 'x64') return undefined;
  return 'no Chrome or Chromium on this machine: install one, or name it in CHROME_PATH';
}

/**
 * Launches a headless Chromium: CHROME_PATH, the system's own, or the one from npm, which brings its libraries and fonts
 * (CHROME_PATH=npm asks for that one). The caller closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  const { file, env } = await findBrowser();
  return chromium.launch({
    executablePath: file,
    args: FLAGS,
    env: { ...definedEnvironment(), ...env },
    timeout: 60_000,
  });
}

async function findBrowser(): Promise<Executable> {
  const system = systemBrowser();
  return system === undefined ? unpackBrowser() : { file: system, env: {} };
}

function systemBrowser(): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (named === 'npm') return undefined;
  return [...(named ? [named] : []), ...SYSTEM_BROWSERS].find((file) => existsSync(file));
}

/** Unpacks npm's Chromium once per version (3 s, 250 MB) with the libraries that a bare Debian lacks. */
async function unpackBrowser(): Promise<Executable> {
  const from = path.join(ROOT, 'node_modules/@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(path.join(from, 'package.json'), 'utf8')) as { version: string };
  const home = path.join(ROOT, '.dotm-test', `chromium-${version}`);
  if (!existsSync(home)) {
    const fresh = `${home}.${String(process.pid)}`;
    await mkdir(fresh, { recursive: true });
    inflateInto(fresh, from);
    // Two runs may unpack at once; the first rename wins, and the copies are the same.
    await rename(fresh, home).catch(() => rm(fresh, { recursive: true, force: true }));
  }
  // Written each time: a page whose letters find no font has no size, and no click reaches it.
  await writeFile(path.join(home, 'fonts/fonts.conf'), fontConfiguration(path.join(home, 'fonts')));
  return {
    file: path.join(home, 'chromium'),
    env: {
      FONTCONFIG_PATH: path.join(home, 'fonts'),
      LD_LIBRARY_PATH: [path.join(home, 'al2023/lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    },
  };
}

/** The package unpacks into the temporary folder only, so a program of its own gets another one. */
function inflateInto(target: string, from: string): void {
  const script = `
    import { inflate } from '@sparticuz/chromium';
    await Promise.all(process.argv.slice(1).map((file) => inflate(file)));`;
  const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, ...archives.map((name) => path.join(from, 'bin', name))],
    { cwd: path.join(ROOT, 'dev'), env: { ...process.env, TMPDIR: target }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`npm's Chromium could not be unpacked: ${stderr}`);
}

/** The package's own configuration names folders of a cloud service. */
function fontConfiguration(folder: string): string {
  const folders = [folder, '/usr/share/fonts', '/usr/local/share/fonts'].map((dir) => `<dir>${dir}</dir>`).join('');
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders}<cachedir>${folder}/cache</cachedir></fontconfig>`;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
