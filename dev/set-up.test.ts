import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../deploy/set-up.sh');

/**
 * Plays gcloud as far as the script uses it: what was made is kept in a file, by its kind and name, and found again. Granted roles and
 * enabled services are told back in the form that the script asks for.
 */
const gcloud = `#!${process.execPath}
const fs = require('node:fs');
const file = process.env.FAKE_STATE;
const made = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\\n').filter(Boolean) : [];
const args = process.argv.slice(2).filter((arg) => arg !== '--quiet');
const line = args.slice(2).join(' ');
const deeds = ['create', 'create-oidc', 'connect', 'enable', 'add-iam-policy-binding'];
if (args.some((arg) => deeds.includes(arg))) {
  fs.appendFileSync(file, line + '\\n');
} else if (line.startsWith('projects describe')) {
  console.log('123456');
} else if (line.startsWith('services list')) {
  for (const each of made) if (each.startsWith('services enable ')) console.log(each.split(' ')[2]);
} else if (line.startsWith('projects get-iam-policy')) {
  const account = line.split('serviceAccount:')[1].split('@')[0];
  for (const each of made) if (each.startsWith('projects add-iam') && each.includes(account)) console.log(/--role (\\S+)/.exec(each)[1]);
} else {
  const verb = args.findIndex((arg) => ['describe', 'list', 'get-iam-policy'].includes(arg));
  const kind = args.slice(2, verb).join(' ');
  const own = { describe: [args[verb + 1]], 'get-iam-policy': ['add-iam-policy-binding ' + args[verb + 1]] };
  const wanted = own[args[verb]] ?? [/displayName="([^"]+)"/.exec(line)?.[1] ?? ''];
  const policy = (text) => /--policy-from-file (\\S+)/.exec(text)?.[1];
  const shown = (text) => (policy(text) ? text + JSON.parse(fs.readFileSync(policy(text), 'utf8')).displayName : text);
  const found = made.filter((each) => each.startsWith(kind + ' ') && wanted.every((word) => shown(each).includes(word.split('@')[0])));
  if (found.length === 0) process.exit(1);
  console.log('found');
}
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dotm-set-up-'));
  await writeFile(path.join(folder, 'gcloud'), gcloud);
  await chmod(path.join(folder, 'gcloud'), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function setUp(...args: string[]): Promise<string> {
  const env = {
    PATH: [folder, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    FAKE_STATE: path.join(folder, 'state'),
    PROJECT: 'dotm-test',
    BILLING_ACCOUNT: '000000-000000-000000',
    ALERT_EMAIL: 'ops@dotm.example',
    GITHUB_REPOSITORY: 'dotm/platform',
  };
  return new Promise((resolve, reject) => {
    execFile('bash', [script, ...args], { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(stdout + stderr, { cause: error }));
      else resolve(stdout);
    });
  });
}

const state = () => readFile(path.join(folder, 'state'), 'utf8').catch(() => '');

it.skipIf(process.platform === 'win32')(
  'setting up a project can be rehearsed without a change, makes everything once, and makes nothing the second time',
  async () => {
    const rehearsed = await setUp('--dry-run');
    expect(rehearsed).toContain('nothing was changed');
    expect(await state()).toBe('');
    const first = await setUp();
    expect(first.trimEnd().split('\n').length).toBe(rehearsed.trimEnd().split('\n').length);
    const made = await state();
    for (const secret of ['DATABASE_URL', 'STRIPE_SECRET_KEY', 'OXIO_AUTH_TOKEN'])
      expect(made).toContain(`secrets create ${secret} `);
    expect(made).toContain('--no-assign-ip');
    expect(await setUp()).toBe('0 made; everything else was there\n');
    expect(await state()).toBe(made);
  },
  120_000,
);
