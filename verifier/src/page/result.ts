import type { Check } from '../../../functions/src/shared/proofs/check-proof.ts';
import type { ProofFile, SignedStatement } from '../../../functions/src/shared/proofs/statement.ts';
import { verdictOf, type Checked } from '../check-text.ts';
import { explain, showDotm, wordsOf, type Language } from '../words.ts';
import { element } from './elements.ts';

/** Draws how the checks ended: the verdict first, then each check, then what the file says. */
export function drawResult({ checks, file }: Checked, withNode: boolean, language: Language): HTMLElement {
  const { page } = wordsOf(language);
  const verdict = verdictOf(checks, withNode);
  const text = verdict === 'passed' && !withNode ? page.passedOffline : page[verdict];
  const heading = element('h2', { attributes: { id: 'result', tabindex: '-1' } }, page.result);
  const result = element(
    'section',
    { attributes: { class: 'result', 'aria-labelledby': 'result' } },
    heading,
    element('p', { attributes: { class: `verdict ${verdict}`, 'data-verdict': verdict } }, text),
    element('ul', {}, ...checks.map((check) => drawCheck(check, language))),
  );
  if (file) result.append(...drawFacts(file, language));
  return result;
}

function drawCheck(check: Check, language: Language): HTMLElement {
  const { names, outcomes } = wordsOf(language);
  const mark = element('span', { attributes: { class: `outcome ${check.outcome}` } }, outcomes[check.outcome]);
  const attributes = { 'data-check': check.id, 'data-outcome': check.outcome };
  return element(
    'li',
    { attributes },
    mark,
    element('strong', {}, names[check.id]),
    element('p', { attributes: { class: 'hint' } }, explain(check, language)),
  );
}

function drawFacts(file: ProofFile | SignedStatement, language: Language): HTMLElement[] {
  const { page } = wordsOf(language);
  const { statement, signature } = file;
  const amount = (wei: string) => showDotm(wei, language);
  const facts: [string, string][] = [[page.day, statement.date]];
  if ('proof' in file) {
    const { pending, vested, reserved } = file.proof.leaf;
    const parts = [
      `${page.pending} ${amount(pending)}`,
      `${page.vested} ${amount(vested)}`,
      `${page.reserved} ${amount(reserved)}`,
    ];
    facts.push([page.yours, parts.join(' · ')]);
  }
  facts.push(
    [page.owed, amount(statement.totals.owed)],
    [page.mayStillBeMinted, amount(statement.mayStillBeMinted)],
    [page.members, String(statement.leaves)],
    [page.token, statement.token],
    [page.distributor, statement.distributor],
    [page.signer, signature.signer],
  );
  return [
    element('h2', {}, page.facts),
    element(
      'dl',
      {},
      ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
    element('p', { attributes: { class: 'hint' } }, page.compare),
  ];
}
