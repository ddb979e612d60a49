import { toBuffer } from 'qrcode';
import { parseActivationCode } from '../../domain/esim/activation-code.ts';
import { installLinks } from '../../shared/install-links.ts';
import { displayPhoneNumber } from '../../domain/esim/phone-number.ts';
import type { Block, MailContent } from './blocks.ts';
import type { MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

const qrContentId = 'esim-qr';

/** Shown size in pixels, and twice that in the file, so that it is sharp where pixels are small. */
const qrSize = 220;

/**
 * What installs the eSIM: one-tap links for whoever reads on the phone, the QR code for whoever reads elsewhere, the two fields for
 * whom neither works. Null while the line has no activation code, and after its member was erased.
 */
export async function composeEsimReady(words: Words, subject: MailSubject): Promise<MailContent | null> {
  const lpa = subject.line?.activationUrl ?? null;
  const code = lpa === null ? null : parseActivationCode(lpa);
  if (lpa === null || code === null || !subject.line) return null;
  const { say } = words;
  const links = installLinks(lpa);
  return {
    subject: say('esim_ready.subject'),
    preheader: say('esim_ready.preheader'),
    blocks: [
      { kind: 'title', text: say('esim_ready.title') },
      { kind: 'text', text: say('esim_ready.text') },
      { kind: 'heading', text: say('esim_ready.one_tap') },
      {
        kind: 'buttons',
        buttons: [
          { label: say('esim_ready.apple'), url: links.apple, main: true },
          { label: say('esim_ready.android'), url: links.android, main: true },
        ],
      },
      { kind: 'note', text: say('esim_ready.one_tap_hint') },
      {
        kind: 'picture',
        title: say('esim_ready.qr_title'),
        contentId: qrContentId,
        alt: say('esim_ready.qr_alt'),
        size: qrSize,
      },
      { kind: 'heading', text: say('esim_ready.manual') },
      { kind: 'code', label: say('esim_ready.smdp'), value: code.smdpAddress },
      {
        kind: 'code',
        label: say('esim_ready.matching_id'),
        value: code.matchingId || say('esim_ready.no_matching_id'),
      },
      ...(code.confirmationCodeRequired ? [{ kind: 'note', text: say('esim_ready.confirmation') } as const] : []),
      ...number(words, subject.line.phoneNumber),
      { kind: 'heading', text: say('esim_ready.steps') },
      {
        kind: 'steps',
        items: [say('esim_ready.step_1'), say('esim_ready.step_2'), say('esim_ready.step_3'), say('esim_ready.step_4')],
      },
      {
        kind: 'buttons',
        buttons: [{ label: say('esim_ready.button'), url: `${subject.appUrl}/esim/${subject.line.id}`, main: false }],
      },
      { kind: 'note', text: say('esim_ready.secret') },
    ],
    attachments: [
      { filename: 'esim.png', contentType: 'image/png', content: await qrPicture(lpa), contentId: qrContentId },
    ],
  };
}

function number(words: Words, phoneNumber: string | null): Block[] {
  if (phoneNumber === null) return [{ kind: 'note', text: words.say('esim_ready.number_pending') }];
  return [
    {
      kind: 'rows',
      rows: [{ label: words.say('esim_ready.number'), value: displayPhoneNumber(phoneNumber), strong: true }],
    },
  ];
}

/** Carries the activation code exactly as the carrier gave it. Level M survives a screen's glare; the margin of 4 is the standard's. */
function qrPicture(lpa: string): Promise<Buffer> {
  return toBuffer(lpa, { type: 'png', errorCorrectionLevel: 'M', margin: 4, width: qrSize * 2 });
}
