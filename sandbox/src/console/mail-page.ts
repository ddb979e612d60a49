import { html, raw } from 'hono/html';
import type { Core } from '../core/vendor.ts';
import { listMail } from '../mail/inbox.ts';
import type { Mail, MailSummary } from '../mail/inbox.ts';
import { timeOfDay, utc } from './layout.ts';
import type { Markup } from './layout.ts';

/** Shows the inbox, newest first, searched by address or subject. */
export function mailListPage(core: Core, text: string): Markup {
  const mails = listMail(core.store, { text, limit: 200 });
  return html`<h1>Mail</h1>
    <p class="lead">
      What DOTM sent, by SMTP (<code>${core.urls.smtp}</code>) or SendGrid's API. Nothing leaves this machine.
    </p>
    <form class="line" method="get" action="/mail">
      <input type="search" name="text" value="${text}" placeholder="Address or subject" aria-label="Search mail" />
      <button>Search</button>
    </form>
    <div id="mails" data-live class="list">
      ${mails.length > 0 ? mails.map(mailRow) : html`<p class="empty">No mail.</p>`}
    </div>`;
}

function mailRow(mail: MailSummary): Markup {
  return html`<a class="row" href="/mail/${mail.id}">
    <span class="mono soft">${timeOfDay(mail.at)}</span>
    <span class="grow"
      ><b>${mail.subject || '(no subject)'}</b><br /><span class="soft small">to ${mail.to.join(', ')}</span></span
    >
    ${mail.attachments > 0 ? html`<span class="pill">${mail.attachments} attached</span>` : ''}
    <span class="pill info">${mail.via}</span>
  </a>`;
}

/** Shows one message: who, what it looks like (phone width on demand), its text, headers and files. */
export function mailPage(mail: Mail): Markup {
  const people: [string, string][] = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Cc', mail.cc.join(', ')],
    ['Bcc', mail.bcc.join(', ')],
    ['Reply to', mail.replyTo ?? ''],
    ['Received', `${utc(new Date(mail.at))} by ${mail.via}`],
  ];
  return html`<p><a href="/mail">← Inbox</a></p>
    <h1>${mail.subject || '(no subject)'}</h1>
    <dl class="facts" style="justify-content:start">
      ${people
        .filter(([, value]) => value)
        .map(
          ([label, value]) =>
            html`<dt>${label}</dt>
              <dd style="text-align:left">${value}</dd>`,
        )}
    </dl>
    ${
      mail.html !== null
        ? html`<div>
            <input type="checkbox" id="narrow" /> <label for="narrow" style="display:inline">Phone width</label>
            <p></p>
            <iframe
              class="frame"
              title="The message"
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              src="/mail/${mail.id}/html"
            ></iframe>
          </div>`
        : ''
    }
    ${
      mail.text !== null
        ? html`<h2>Text</h2>
            <pre>${mail.text}</pre>`
        : ''
    }
    ${
      mail.attachments.length > 0
        ? html`<h2>Files</h2>
            <div class="list">
              ${mail.attachments.map(
                (file, index) =>
                  html`<a class="row" href="/mail/${mail.id}/files/${index}" download="${file.filename}">
                    <span class="grow">${file.filename}</span>
                    <span class="soft small"
                      >${file.contentType}, ${file.size} bytes${file.inline ? ', inline' : ''}</span
                    >
                  </a>`,
              )}
            </div>`
        : ''
    }
    <h2>Headers</h2>
    <pre>
${
        Object.entries(mail.headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n') || '(none)'
      }</pre>`;
}

/** Makes the document for the message's frame: the mail's own HTML, its inline pictures put in, links opening a new tab. */
export function mailDocument(mail: Mail): Markup {
  const pictures = new Map(
    mail.attachments.filter((file) => file.cid).map((file) => [file.cid?.replace(/^<|>$/g, ''), file]),
  );
  const resolved = (mail.html ?? '').replace(/cid:([^"'\s)>]+)/gi, (whole, cid: string) => {
    const file = pictures.get(cid) ?? pictures.get(decodeURIComponent(cid));
    return file ? `data:${file.contentType};base64,${file.content}` : whole;
  });
  return html`<base target="_blank" />${raw(resolved)}`;
}

/**
 * What the message's document may do: show itself and pictures, open links. No script, no form, no frame; opaque origin even when
 * opened outside of its frame.
 */
export const MAIL_DOCUMENT_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; font-src data: https:";
