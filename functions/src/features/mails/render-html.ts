import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Block, MailContent } from './blocks.ts';
import { darkStyle, light } from './mail-style.ts';
import type { Words } from './words.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/**
 * Renders the HTML of a mail. Tables and inline styles, because Outlook knows little else; classes only for dark mode and small screens,
 * which a program without them does without. `html` escapes everything that is put in.
 */
export async function renderHtml(content: MailContent, words: Words, appUrl: string): Promise<string> {
  const blocks = content.blocks.map(
    (block) =>
      html`<tr>
        <td style="padding:0 32px;" class="side">${renderBlock(block)}</td>
      </tr>`,
  );
  const page = await html`<!doctype html>
    <html lang="${words.locale}" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>${content.subject}</title>
        ${darkStyle}
      </head>
      <body class="paper" style="margin:0;padding:0;background:${light.paper};-webkit-text-size-adjust:100%;">
        <div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;">
          ${content.preheader}${gap}
        </div>
        <table
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border="0"
          class="paper"
          style="background:${light.paper};"
        >
          <tr>
            <td align="center" style="padding:24px 12px;">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="max-width:560px;"
              >
                <tr>
                  <td
                    style="padding:0 8px 16px;${font}font-size:22px;font-weight:700;letter-spacing:-0.5px;color:${light.ink};"
                    class="ink"
                  >
                    DOTM<span style="color:${light.sun};">.</span>
                  </td>
                </tr>
                <tr>
                  <td>
                    <table
                      role="presentation"
                      width="100%"
                      cellpadding="0"
                      cellspacing="0"
                      border="0"
                      class="surface"
                      style="background:${light.surface};border:1px solid ${light.line};border-radius:20px;"
                    >
                      <tr>
                        <td style="height:28px;line-height:28px;font-size:0;">&nbsp;</td>
                      </tr>
                      ${blocks}
                      <tr>
                        <td style="height:20px;line-height:20px;font-size:0;">&nbsp;</td>
                      </tr>
                    </table>
                  </td>
                </tr>
                <tr>
                  <td
                    style="padding:20px 8px;${font}font-size:13px;line-height:20px;color:${light.inkSoft};"
                    class="soft"
                  >
                    <strong>${words.say('common.promise')}</strong><br />
                    ${words.say('common.footer')}<br />
                    <a href="${appUrl}" style="color:${light.inkSoft};" class="soft">${withoutScheme(appUrl)}</a>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`;
  return page.toString();
}

/** Keeps mail programs from filling the preview with what comes after the preheader. */
const gap = '\u00a0\u200c'.repeat(60);
const font =
  "font-family:'Instrument Sans',-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const mono = "font-family:ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace;";

function renderBlock(block: Block): Html {
  switch (block.kind) {
    case 'title':
      return html`<h1
        class="ink"
        style="margin:0 0 12px;${font}font-size:28px;line-height:34px;font-weight:650;letter-spacing:-0.5px;color:${light.ink};"
      >
        ${block.text}
      </h1>`;
    case 'heading':
      return renderHeading(block.text);
    case 'text':
      return html`<p class="ink" style="margin:0 0 16px;${font}font-size:16px;line-height:25px;color:${light.ink};">
        ${block.text}
      </p>`;
    case 'note':
      return html`<p
        class="soft"
        style="margin:0 0 16px;${font}font-size:14px;line-height:21px;color:${light.inkSoft};"
      >
        ${block.text}
      </p>`;
    case 'callout':
      return html`<table
        role="presentation"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border="0"
        style="margin:0 0 16px;"
      >
        <tr>
          <td
            class="callout ink"
            style="padding:14px 18px;background:${light.accentSoft};border-radius:12px;${font}font-size:15px;line-height:23px;color:${light.ink};"
          >
            ${block.text}
          </td>
        </tr>
      </table>`;
    case 'buttons':
      return html`<div style="margin:4px 0 16px;">${block.buttons.map(renderButton)}</div>`;
    case 'rows':
      return html`<table
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border="0"
        style="margin:0 0 20px;border-collapse:collapse;"
      >
        ${block.rows.map(renderRow)}
      </table>`;
    case 'steps':
      return html`<ol
        class="ink"
        style="margin:0 0 16px;padding:0 0 0 22px;${font}font-size:16px;line-height:25px;color:${light.ink};"
      >
        ${block.items.map((item) => html`<li style="margin:0 0 6px;">${item}</li>`)}
      </ol>`;
    case 'code':
      return html`<p class="soft" style="margin:0 0 4px;${font}font-size:14px;line-height:20px;color:${light.inkSoft};">
          ${block.label}
        </p>
        <p
          class="code ink"
          style="margin:0 0 14px;padding:10px 14px;background:${light.sunken};border-radius:10px;${mono}font-size:15px;line-height:22px;color:${light.ink};word-break:break-all;"
        >
          ${block.value}
        </p>`;
    case 'picture':
      return html`${renderHeading(block.title)}
        <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px;">
          <tr>
            <td
              bgcolor="#ffffff"
              style="background:#ffffff;padding:12px;border-radius:16px;border:1px solid ${light.line};"
            >
              <img
                src="cid:${block.contentId}"
                width="${block.size}"
                height="${block.size}"
                alt="${block.alt}"
                style="display:block;border:0;width:${block.size}px;height:${block.size}px;background:#ffffff;"
              />
            </td>
          </tr>
        </table>`;
  }
}

function renderHeading(text: string): Html {
  return html`<h2
    class="ink"
    style="margin:20px 0 8px;${font}font-size:17px;line-height:24px;font-weight:650;color:${light.ink};"
  >
    ${text}
  </h2>`;
}

function renderButton({ label, url, main }: { label: string; url: string; main: boolean }): Html {
  const ground = main
    ? `background:${light.accent};border:2px solid ${light.accent};color:#ffffff;`
    : `border:2px solid ${light.lineStrong};color:${light.ink};`;
  const names = main ? 'main' : 'ink outline';
  return html`<a
    href="${url}"
    class="${names}"
    style="display:inline-block;margin:0 8px 10px 0;padding:12px 22px;border-radius:14px;${ground}${font}font-size:16px;line-height:22px;font-weight:600;text-decoration:none;"
    >${label}</a
  >`;
}

function renderRow({ label, value, strong }: { label: string; value: string; strong?: boolean }): Html {
  const weight = strong ? 'font-weight:650;' : '';
  const cell = `padding:10px 0;border-bottom:1px solid ${light.line};${font}font-size:15px;line-height:22px;color:${light.ink};${weight}`;
  return html`<tr>
    <th scope="row" align="left" class="ink rule" style="${cell}font-weight:${strong ? '650' : '400'};text-align:left;">
      ${label}
    </th>
    <td align="right" class="ink rule" style="${cell}text-align:right;white-space:nowrap;">${value}</td>
  </tr>`;
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
