import { forms } from '../../../functions/src/shared/proofs/statement.ts';
import { nodeAt } from '../ask-node.ts';
import { checkText, type Checked } from '../check-text.ts';
import { languages, wordsOf, type Language, type PageWord } from '../words.ts';
import { element } from './elements.ts';
import { drawResult } from './result.ts';

// One page without a server: a form, and below it the result. It is drawn anew when the language changes; what was typed stays.

/** A node on this computer may be asked without encryption; any other only with it, and browsers see to that. */
const nodeForm = /^https:\/\/\S+$|^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?(?:\/\S*)?$/;

let language: Language = navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
const typed = { text: '', member: '', node: '' };
let last: { checked: Checked; withNode: boolean } | null = null;
let problem: PageWord | null = null;
let busy = false;

const say = element('p', { attributes: { role: 'status', class: 'problem' } });
const place = element('div', {});

function draw(): void {
  const { page } = wordsOf(language);
  document.documentElement.lang = language;
  document.title = page.title;
  document
    .querySelector('main')
    ?.replaceChildren(
      element('header', {}, element('h1', {}, page.title), languageChoice()),
      element('p', {}, page.intro),
      form(),
      say,
      place,
      element('p', { attributes: { class: 'hint' } }, page.private),
    );
  drawState();
}

function drawState(): void {
  const { page } = wordsOf(language);
  say.textContent = busy ? page.checking : problem === null ? '' : page[problem];
  place.replaceChildren(...(last ? [drawResult(last.checked, last.withNode, language)] : []));
  document.querySelector('button')?.setAttribute('aria-disabled', String(busy));
}

function languageChoice(): HTMLElement {
  const { page } = wordsOf(language);
  const names: Record<Language, string> = { en: 'English', fr: 'Français' };
  const select = element(
    'select',
    {
      attributes: { 'aria-label': page.language },
      on: {
        change: () => {
          language = languages.find((known) => known === select.value) ?? 'en';
          draw();
          document.querySelector('select')?.focus();
        },
      },
    },
    ...languages.map((known) => element('option', { attributes: { value: known, lang: known } }, names[known])),
  );
  select.value = language;
  return select;
}

function form(): HTMLElement {
  const { page } = wordsOf(language);
  return element(
    'form',
    { attributes: { novalidate: '' }, on: { submit: (event) => void onSubmit(event) } },
    dropZone(),
    field('text', 'textarea', page.paste, page.pasteHint),
    field('member', 'input', page.member, page.memberHint),
    field('node', 'input', page.node, page.nodeHint),
    element('button', { attributes: { type: 'submit' } }, page.check),
  );
}

function field(name: keyof typeof typed, kind: 'input' | 'textarea', label: string, hint: string): HTMLElement {
  const attributes = {
    id: name,
    'aria-describedby': `${name}-hint`,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
  };
  const input: HTMLInputElement | HTMLTextAreaElement = element(kind, {
    attributes,
    on: { input: () => (typed[name] = input.value) },
  });
  input.value = typed[name];
  return element(
    'div',
    { attributes: { class: 'field' } },
    element('label', { attributes: { for: name } }, label),
    input,
    element('p', { attributes: { class: 'hint', id: `${name}-hint` } }, hint),
  );
}

function dropZone(): HTMLElement {
  const { page } = wordsOf(language);
  const file = element('input', {
    attributes: { type: 'file', id: 'file', accept: '.json,application/json', 'aria-describedby': 'file-hint' },
    on: { change: () => void take(file.files?.[0]) },
  });
  const over = (isOver: boolean) => (event: Event) => {
    event.preventDefault();
    zone.classList.toggle('over', isOver);
  };
  const zone = element(
    'div',
    {
      attributes: { class: 'drop' },
      on: {
        dragover: over(true),
        dragleave: over(false),
        drop: (event) => {
          over(false)(event);
          if (event instanceof DragEvent) void take(event.dataTransfer?.files[0]);
        },
      },
    },
    element('label', { attributes: { for: 'file' } }, page.file),
    file,
    element('p', { attributes: { class: 'hint', id: 'file-hint' } }, page.drop),
  );
  return zone;
}

/** Takes a chosen or dropped file, and checks it at once: nothing else is needed. */
async function take(file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    typed.text = await file.text();
  } catch {
    problem = 'unreadable';
    drawState();
    return;
  }
  const area = document.querySelector('textarea');
  if (area) area.value = typed.text;
  await check();
}

async function onSubmit(event: Event): Promise<void> {
  event.preventDefault();
  await check();
}

/** Why the form can't be checked as it is, null when it can. */
function wrongInput(): PageWord | null {
  if (typed.text.trim() === '') return 'nothing';
  return typed.node.trim() === '' || nodeForm.test(typed.node.trim()) ? null : 'nodeBad';
}

async function check(): Promise<void> {
  if (busy) return;
  problem = wrongInput();
  last = null;
  busy = problem === null;
  drawState();
  if (problem !== null) {
    document.getElementById(problem === 'nodeBad' ? 'node' : 'file')?.focus();
    return;
  }
  const node = typed.node.trim();
  const member = typed.member.trim();
  const checked = await checkText(typed.text, member === '' ? null : member, node === '' ? null : nodeAt(node));
  last = { checked, withNode: node !== '' };
  busy = false;
  drawState();
  document.getElementById('result')?.focus();
}

// Whoever links here may say whose proof it is and which language is spoken, behind the # that no server ever sees.
const hash = new URLSearchParams(location.hash.slice(1));
language = languages.find((known) => known === hash.get('lang')) ?? language;
const named = hash.get('member') ?? '';
if (forms.memberId.test(named)) typed.member = named;
draw();
