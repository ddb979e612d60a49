import type { Block, MailContent } from './blocks.ts';
import type { Words } from './words.ts';

/** Renders the plain text of a mail: for readers and programs that show no HTML, with every link and code in it. */
export function renderText(content: MailContent, words: Words, appUrl: string): string {
  const parts = content.blocks.map(renderBlock).filter((part) => part !== '');
  const footer = [
    '-- ',
    `DOTM. ${words.say('common.promise')}`,
    words.say('common.open_app', { url: appUrl }),
    words.say('common.footer'),
  ];
  return `${parts.join('\n\n')}\n\n${footer.join('\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `${block.text}\n${'='.repeat(Math.min(block.text.length, 60))}`;
    case 'heading':
      return `${block.text}\n${'-'.repeat(Math.min(block.text.length, 60))}`;
    case 'buttons':
      return block.buttons.map((button) => `${button.label}:\n${button.url}`).join('\n\n');
    case 'rows':
      return block.rows.map((row) => `${row.label}: ${row.value}`).join('\n');
    case 'steps':
      return block.items.map((item, index) => `${index + 1}. ${item}`).join('\n');
    case 'code':
      return `${block.label}:\n${block.value}`;
    case 'picture':
      // Says nothing that the codes beneath it don't.
      return '';
    case 'text':
    case 'callout':
    case 'note':
      return block.text;
  }
}
