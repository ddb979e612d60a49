import { parseArgs } from 'node:util';
import { forms } from '../../functions/src/shared/proofs/statement.ts';
import { nodeAt } from './ask-node.ts';
import { checkText, verdictOf } from './check-text.ts';
import { explain, languages, wordsOf, type Language } from './words.ts';

/** What the program needs of the world. */
export interface CliWorld {
  /** Reads a file, or the standard input for `-`. Throws when it can't. */
  readonly read: (file: string) => Promise<string>;
  readonly print: (line: string) => void;
}

/** How the program ends: 0 everything is right, 1 something is wrong, 2 it was called wrongly, 3 a node was named and did not answer all. */
export type ExitCode = 0 | 1 | 2 | 3;

const usage = `Checks a DOTM proof file, or a signed statement, without any server of DOTM.

  node verifier/cli.ts <file, or - for the standard input> [--rpc <address of a node>] [--member <your member id>] [--lang en|fr]

Ends with 0 when everything is right, 1 when something is wrong, 2 when it was called wrongly, and 3 when a node was named that could
not answer everything.`;

const exitCodes = { passed: 0, failed: 1, incomplete: 3 } as const;
const marks = { passed: '  ok  ', failed: ' FAIL ', not_checked: '  --  ' } as const;

/** Runs the command line with these arguments. Throws nothing that the reader can mend. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<ExitCode> {
  const wish = readArguments(args);
  if (typeof wish === 'string') {
    world.print(wish);
    return 2;
  }
  const { file, member, rpc, language } = wish;
  let text: string;
  try {
    text = await world.read(file);
  } catch (error) {
    world.print(`${file} can't be read: ${error instanceof Error ? error.message : 'unknown'}`);
    return 2;
  }
  const { checks } = await checkText(text, member, rpc === null ? null : nodeAt(rpc));
  const { names, page } = wordsOf(language);
  for (const check of checks) {
    world.print(`[${marks[check.outcome]}] ${names[check.id]}`);
    world.print(`         ${explain(check, language)}`);
  }
  const verdict = verdictOf(checks, rpc !== null);
  world.print('');
  world.print(verdict === 'passed' && rpc === null ? page.passedOffline : page[verdict]);
  return exitCodes[verdict];
}

interface Wish {
  file: string;
  member: string | null;
  rpc: string | null;
  language: Language;
}

function readArguments(args: readonly string[]): Wish | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { rpc: { type: 'string' }, member: { type: 'string' }, lang: { type: 'string' } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return usage;
    if (values.member !== undefined && !forms.memberId.test(values.member)) {
      return `--member ${values.member}: a member id is mem_ and 26 characters`;
    }
    if (values.rpc !== undefined && !/^https?:\/\/\S+$/.test(values.rpc)) {
      return `--rpc ${values.rpc}: must be an address that begins with https:// or http://`;
    }
    const language = values.lang === undefined ? 'en' : languages.find((known) => known === values.lang);
    if (language === undefined) return `--lang ${values.lang ?? ''}: must be ${languages.join(' or ')}`;
    return { file, member: values.member ?? null, rpc: values.rpc ?? null, language };
  } catch (error) {
    return `${error instanceof Error ? error.message : 'wrong arguments'}\n\n${usage}`;
  }
}
