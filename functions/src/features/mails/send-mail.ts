import type { Services } from '../../platform/container.ts';
import type { Job, JobHandler } from '../../platform/jobs.ts';
import { log } from '../../platform/log.ts';
import { CodedError } from '../../shared/errors.ts';
import { getLineById } from '../../store/lines.ts';
import { findMail, markMailNotSent, markMailSent, type MailRecord, type NotSentReason } from '../../store/mails.ts';
import { getMember, touchMember, type Member } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { findOrder } from '../../store/orders.ts';
import { getRefundRecord } from '../../store/refunds.ts';
import { findPayout } from '../../store/payouts.ts';
import { findWallet } from '../../store/wallets.ts';
import { composers } from './compose.ts';
import type { MailSubject } from './mail-subject.ts';
import { renderHtml } from './render-html.ts';
import { renderText } from './render-text.ts';
import { wordsOf } from './words.ts';

/**
 * Works off `mail.send`: looks up what the mail speaks of as it is now, in the member's language, and sends it. A repetition after a
 * death between the provider's answer and our note sends it once more, under the same Message-ID. A mail for a member without an
 * address is noted as never to be sent; it is no failure.
 */
export const sendMail: JobHandler = async (services, job) => {
  const mail = await findMail(services.db, String(job.payload['mailId']));
  if (!mail) throw new CodedError('internal', `there is no mail ${String(job.payload['mailId'])}`);
  if (mail.sentAt !== null || mail.notSentBecause !== null) return services.db.transaction((tx) => job.finish(tx));
  const member = await getMember(services.db, mail.memberId);
  if (member.email === null) return giveUp(services, job, mail, 'no_address');
  const words = wordsOf(member.locale);
  const subject = await readSubject(services, mail, member);
  const content = await composers[mail.kind](words, subject);
  if (content === null) return giveUp(services, job, mail, 'nothing_to_say');
  const { providerMessageId } = await (
    await services.mail()
  ).send({
    id: mail.id,
    to: member.email,
    subject: content.subject,
    html: await renderHtml(content, words, subject.appUrl),
    text: renderText(content, words, subject.appUrl),
    attachments: content.attachments,
  });
  await noteSent(services, job, mail, providerMessageId);
};

async function readSubject({ db, policy }: Services, mail: MailRecord, member: Member): Promise<MailSubject> {
  const { orderId, lineId, refundId, reason, walletId, backId, batchId } = mail.refersTo;
  const wallet = walletId === undefined ? null : await findWallet(db, walletId);
  const otherId = backId ?? (mail.kind === 'wallet_changed' ? wallet?.replaces : null);
  return {
    displayName: member.displayName,
    order: orderId === undefined ? null : await findOrder(db, orderId),
    line: lineId === undefined ? null : await getLineById(db, lineId),
    refund: refundId === undefined ? null : await getRefundRecord(db, refundId),
    reason: reason ?? null,
    wallet,
    otherWallet: otherId == null ? null : await findWallet(db, otherId),
    payout: batchId === undefined ? null : await findPayout(db, BigInt(batchId), mail.memberId),
    explorerUrl: policy.chain?.explorerUrl ?? '',
    appUrl: policy.appUrl,
    deadlineMinutes: policy.orderDeadlineMinutes,
  };
}

async function noteSent({ db, clock }: Services, job: Job, mail: MailRecord, providerMessageId: string): Promise<void> {
  const now = clock.now();
  const { orderId } = mail.refersTo;
  await db.transaction(async (tx) => {
    await markMailSent(tx, mail.id, providerMessageId, now);
    if (orderId !== undefined) {
      await appendEvent(tx, { orderId, kind: 'mail_sent', key: mail.id, evidence: { mail: mail.kind } }, now);
      await touchMember(tx, mail.memberId, now);
    }
    await job.finish(tx);
  });
}

async function giveUp({ db }: Services, job: Job, mail: MailRecord, reason: NotSentReason): Promise<void> {
  await db.transaction(async (tx) => {
    await markMailNotSent(tx, mail.id, reason);
    await job.finish(tx);
  });
  log.mailNotSent(mail.id, mail.kind, reason);
}
