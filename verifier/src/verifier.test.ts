import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildPage } from '../build.ts';
import { makeVectors, vectorFolder } from '../make-vectors.ts';
import { readProofFile } from '../../functions/src/shared/proofs/proof-file.ts';
import { runCli } from './run-cli.ts';
import { en } from './words.en.ts';
import { fr } from './words.fr.ts';
import { explain, showDotm } from './words.ts';

const vectors = makeVectors();
const { statement } = readProofFile(vectors['proof.json'] ?? '');

/** Runs the command line on a vector. */
async function run(name: string, ...more: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const code = await runCli([name, ...more], {
    read: async (file) => {
      const text = vectors[file];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
    print: (line) => lines.push(line),
  });
  return { code, said: lines.join('\n') };
}

let node: Server | undefined;
afterEach(() => {
  node?.close();
  node = undefined;
});

/** A node that answers as told, by method. */
async function nodeThat(answers: Record<string, (params: unknown[]) => unknown>): Promise<string> {
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      const { method, params } = JSON.parse(body) as { method: string; params: unknown[] };
      const answer = answers[method];
      const result = answer?.(params);
      res.end(JSON.stringify(result === undefined ? { error: { code: -32000, message: 'not here' } } : { result }));
    });
  });
  node = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

describe('test vectors', () => {
  it.each(Object.keys(vectors))('%s is what the code makes today', async (name) => {
    expect(await readFile(path.join(vectorFolder, name), 'utf8')).toBe(vectors[name]);
  });
});

describe('the command line', () => {
  it('says that everything in a good proof is right, and ends with 0', async () => {
    const { code, said } = await run('proof.json');
    expect(code).toBe(0);
    expect(said).toContain(en.page.passedOffline);
    expect(said).not.toContain('FAIL');
  });

  it('checks whom the proof is about', async () => {
    const { member } = (JSON.parse(vectors['proof.json'] ?? '') as { proof: { leaf: { member: string } } }).proof.leaf;
    expect((await run('proof.json', '--member', member)).code).toBe(0);
    expect((await run('proof.json', '--member', `mem_${'0'.repeat(26)}`)).code).toBe(1);
    expect((await run('proof.json', '--member', 'somebody')).code).toBe(2);
  });

  it('ends with 1 for a balance or a statement that was changed, and says which check fails', async () => {
    const balance = await run('wrong-balance.json');
    expect(balance.code).toBe(1);
    expect(balance.said).toMatch(/FAIL.*\n.*(another root|more than all)/);
    const statement = await run('wrong-statement.json');
    expect(statement.code).toBe(1);
    expect(statement.said).toContain('was not made by');
  });

  it('checks a statement alone', async () => {
    const { code, said } = await run('statement.json');
    expect(code).toBe(0);
    expect(said).toContain('nobody’s proof');
  });

  it('ends with 2 when it was called wrongly, and tells how', async () => {
    for (const wrong of [
      [],
      ['a', 'b'],
      ['proof.json', '--what'],
      ['proof.json', '--rpc', 'ftp://x'],
      ['proof.json', '--lang', 'de'],
    ]) {
      const lines: string[] = [];
      expect(await runCli(wrong, { read: async () => '', print: (line) => lines.push(line) })).toBe(2);
      expect(lines.length).toBeGreaterThan(0);
    }
    expect((await run('missing.json')).code).toBe(2);
  });

  it('ends with 3 when the node that was named can’t say all', async () => {
    const away = await run('proof.json', '--rpc', 'http://127.0.0.1:9');
    expect(away.code).toBe(3);
    expect(away.said).toContain('cannot be reached');
    const silent = await run('proof.json', '--rpc', await nodeThat({}));
    expect(silent).toMatchObject({ code: 3 });
    expect(silent.said).toContain('not here');
  });

  it('says when a node has forgotten the state of the block, and what today’s state says', async () => {
    const { block, cap, token, takenAt } = statement;
    const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;
    const selectors: Record<string, string> = {
      '0xfc0c546a': word(BigInt(token)),
      '0x91d14854': word(1n),
      '0x18160ddd': word(20_000n * 10n ** 18n),
      '0x355274ea': word(BigInt(cap)),
    };
    const rpc = await nodeThat({
      eth_chainId: () => '0xaa36a7',
      eth_getBlockByNumber: () => ({ hash: block.hash, timestamp: secondsText(takenAt) }),
      eth_call: ([call, at]) => {
        // What is missing is answered with an error, as nodes do that have forgotten a state.
        if (at !== 'latest') return undefined;
        return selectors[(call as { data: string }).data.slice(0, 10)];
      },
    });
    const { code, said } = await run('proof.json', '--rpc', rpc);
    expect(code).toBe(3);
    expect(said).not.toContain('FAIL');
    expect(said).toContain('holds the operator’s role today');
    expect(said.match(/an archive node/g)).toHaveLength(2);
  });

  it('takes a block from another day for wrong, also when its hash is the one that was signed', async () => {
    const { block, takenAt } = statement;
    const hour = 3_600_000;
    const saying = async (hours: number) => {
      const timestamp = secondsText(Date.parse(takenAt) + hours * hour);
      const rpc = await nodeThat({
        eth_chainId: () => '0xaa36a7',
        eth_getBlockByNumber: () => ({ hash: block.hash, timestamp }),
      });
      const { said } = await run('proof.json', '--rpc', rpc);
      node?.close();
      return said;
    };
    for (const hours of [-24, -0.3, 24])
      expect(await saying(hours)).toMatch(/ok.*\n.*is the one that the statement names/);
    for (const hours of [-24.1, 24.1]) expect(await saying(hours)).toMatch(/FAIL.*\n.*more than a day away/);
  });

  it('speaks French', async () => {
    const { code, said } = await run('proof.json', '--lang', 'fr');
    expect(code).toBe(0);
    expect(said).toContain(fr.page.passedOffline);
  });
});

function secondsText(time: string | number): string {
  return `0x${Math.floor(new Date(time).getTime() / 1_000).toString(16)}`;
}

describe('the words', () => {
  it('are there in both languages for every way in which a check can end', async () => {
    const folder = path.resolve(import.meta.dirname, '../../functions/src/shared/proofs');
    const sources = await Promise.all(
      ['check-proof.ts', 'check-chain.ts'].map((name) => readFile(path.join(folder, name), 'utf8')),
    );
    const reasons = [
      ...sources.join('\n').matchAll(/ended\(\s*'(\w+)',\s*'\w+',\s*(?:asOf[^']*)?'(\w+)'(?: : '(\w+)')?/g),
    ];
    expect(reasons.length).toBeGreaterThan(35);
    for (const words of [en, fr]) {
      for (const [, id = '', first, second] of reasons) {
        if (id === 'block' && first === 'block') continue;
        for (const reason of [first, second]) {
          if (reason === undefined || reason === 'block') continue;
          const known = words.reasons[`${id}.${reason}`] ?? words.reasons[`any.${reason}`];
          expect(known, `${id}.${reason}`).toBeTypeOf('string');
        }
      }
    }
    expect(Object.keys(fr.reasons).sort()).toEqual(Object.keys(en.reasons).sort());
    const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    for (const [id, text] of Object.entries(en.reasons)) expect(holes(fr.reasons[id] ?? ''), id).toEqual(holes(text));
  });

  it('show amounts whole, to the last decimal', () => {
    expect(showDotm('1', 'en')).toBe('0.000000000000000001\u00a0DOTM');
    expect(showDotm('10333333000000000000000000', 'en')).toBe('10,333,333\u00a0DOTM');
    expect(showDotm('2066000000000000000', 'fr')).toBe('2,066\u00a0DOTM');
    expect(
      explain({ id: 'claim', outcome: 'passed', reason: 'right', values: { owed: '0', mayStillBeMinted: '5' } }, 'en'),
    ).toBe('0\u00a0DOTM are owed; 0.000000000000000005\u00a0DOTM may still be minted.');
  });
});

describe('the page', () => {
  it('is one file whose policy lets exactly its own script and style run, and loads nothing', async () => {
    const html = await buildPage();
    const inside = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '';
    for (const tag of ['script', 'style']) {
      const hash = createHash('sha256').update(inside(tag)).digest('base64');
      expect(html, tag).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(html).not.toMatch(/\bsrc=|href="(?!data:,)|@import|url\(/);
    expect(html.length).toBeLessThan(120_000);
    expect(await buildPage()).toBe(html);
  });
});
