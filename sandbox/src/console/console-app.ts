import { Hono } from 'hono';
import type { Context } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { resetSandbox } from '../control/state.ts';
import { faultInput } from '../core/faults.ts';
import { BadInput, checkInput } from '../core/input.ts';
import type { Core, Vendor } from '../core/vendor.ts';
import { WEBHOOK_MODES } from '../core/webhooks.ts';
import { getMail } from '../mail/inbox.ts';
import { changeSettings, oxioSettings } from '../oxio/settings.ts';
import { callsPage } from './calls-page.ts';
import { carrierPage } from './carrier-page.ts';
import { clockPage } from './clock-page.ts';
import { faultFromForm, faultsPage } from './faults-page.ts';
import { href, page } from './layout.ts';
import type { Markup } from './layout.ts';
import { MAIL_DOCUMENT_POLICY, mailDocument, mailListPage, mailPage } from './mail-page.ts';
import { overviewPage } from './overview-page.ts';
import { CONSOLE_CSS, CONSOLE_SCRIPT } from './style.ts';
import { webhooksPage } from './webhooks-page.ts';

/** Makes the pages of the console. Forms work without JavaScript: each posts, acts, and leads back to its page. */
export function createConsoleApp(core: Core, vendors: Vendor[]): Hono {
  const app = new Hono();
  const names = [...vendors.map((vendor) => vendor.name), 'smtp'];
  // A web page open in the same browser must not be able to steer the sandbox by a hidden form.
  app.use(csrf());
  app.onError((error, c) => {
    if (error instanceof BadInput) return back(c, { problem: `${error.field}: ${error.message}` });
    if (error instanceof HTTPException) return error.getResponse();
    process.stderr.write(`sandbox: console ${c.req.path} failed: ${error.stack ?? error.message}\n`);
    return c.text('The console failed; the sandbox has said why on standard error.', 500);
  });
  app.get('/assets/console.css', (c) => c.body(CONSOLE_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/assets/console.js', (c) =>
    c.body(CONSOLE_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );
  const show = (c: Context, title: string, content: Markup) => {
    const frame = { core, path: c.req.path, notice: c.req.query('notice'), problem: c.req.query('problem') };
    return c.html(page(frame, title, content));
  };
  app.get('/', (c) => show(c, 'Overview', overviewPage(core, vendors)));
  app.get('/calls', (c) => {
    const { vendor = '', show: only = '', text = '' } = c.req.query();
    return show(c, 'Calls', callsPage(core, names, { vendor, show: only, text }));
  });
  app.get('/webhooks', (c) => {
    const { state = '', text = '' } = c.req.query();
    return show(c, 'Webhooks', webhooksPage(core, { state, text }));
  });
  app.get('/faults', (c) => show(c, 'Faults', faultsPage(core, names, c.req.query())));
  app.get('/carrier', (c) => show(c, 'Carrier', carrierPage(core)));
  app.get('/clock', (c) => show(c, 'Clock', clockPage(core)));
  app.get('/mail', (c) => show(c, 'Mail', mailListPage(core, c.req.query('text') ?? '')));
  addMailRoutes(app, core, show);
  addActions(app, core, vendors);
  app.notFound((c) => c.text('There is no such page in the sandbox console.', 404));
  return app;
}

function addMailRoutes(
  app: Hono,
  core: Core,
  show: (c: Context, title: string, content: Markup) => Response | Promise<Response>,
): void {
  app.get('/mail/:id', (c) => {
    const mail = getMail(core.store, c.req.param('id'));
    return mail ? show(c, mail.subject, mailPage(mail)) : c.notFound();
  });
  app.get('/mail/:id/html', (c) => {
    const mail = getMail(core.store, c.req.param('id'));
    if (!mail) return c.notFound();
    c.header('Content-Security-Policy', MAIL_DOCUMENT_POLICY);
    return c.html(mailDocument(mail));
  });
  app.get('/mail/:id/files/:index', (c) => {
    const file = getMail(core.store, c.req.param('id'))?.attachments[Number(c.req.param('index'))];
    if (!file) return c.notFound();
    const name = encodeURIComponent(file.filename);
    return c.body(Buffer.from(file.content, 'base64'), 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
    });
  });
}

function addActions(app: Hono, core: Core, vendors: Vendor[]): void {
  app.post('/reset', (c) => {
    resetSandbox(core, vendors);
    return back(c, { notice: 'The sandbox is empty.' });
  });
  app.post('/faults', async (c) => {
    const form = await formOf(c);
    try {
      core.faults.add(checkInput(faultFromForm(form), faultInput));
    } catch (error) {
      // What was typed comes back with the reason, so that only the bad field has to be typed again.
      if (error instanceof BadInput) {
        return c.redirect(href('/faults', { ...form, problem: `${error.field}: ${error.message}` }), 303);
      }
      throw error;
    }
    return c.redirect(href('/faults', { notice: 'The fault is planned.' }), 303);
  });
  app.post('/faults/:id/remove', (c) => {
    core.faults.remove({ id: c.req.param('id') });
    return c.redirect('/faults', 303);
  });
  app.post('/clock', async (c) => {
    const { advanceSeconds, set, real } = await formOf(c);
    if (real) await core.clock.advance(-core.clock.offsetMs / 1000);
    else if (set) await core.clock.set(new Date(checkInput(`${set}Z`, z.iso.datetime())));
    else await core.clock.advance(checkInput(advanceSeconds, z.coerce.number()));
    return c.redirect('/clock', 303);
  });
  app.post('/carrier', async (c) => {
    const form = await formOf(c);
    const numbers = ['numberDelaySeconds', 'activationDelaySeconds', 'activationCodeDelaySeconds', 'latencyMs'];
    const settings = checkInput(
      {
        ...Object.fromEntries(numbers.map((name) => [name, Number(form[name])])),
        stockEmpty: form['stockEmpty'] === 'on',
        refuseLines: form['refuseLines'] === 'on' ? {} : null,
        refuseSubscriptions: form['refuseSubscriptions'] === 'on' ? {} : null,
      },
      oxioSettings,
    );
    changeSettings(core.store, settings);
    return c.redirect(href('/carrier', { notice: 'The carrier has changed its ways.' }), 303);
  });
  addWebhookActions(app, core);
}

function addWebhookActions(app: Hono, core: Core): void {
  app.post('/webhooks/:vendor/mode', async (c) => {
    const { mode } = await formOf(c);
    core.webhooks.get(c.req.param('vendor'))?.setMode(checkInput(mode, z.enum(WEBHOOK_MODES)));
    return c.redirect('/webhooks', 303);
  });
  app.post('/webhooks/:vendor/target', async (c) => {
    const { url } = await formOf(c);
    core.webhooks.get(c.req.param('vendor'))?.setTarget(checkInput(url, z.url({ protocol: /^https?$/ })));
    return c.redirect('/webhooks', 303);
  });
  app.post('/webhooks/:vendor/release', async (c) => {
    const released = (await core.webhooks.get(c.req.param('vendor'))?.release()) ?? 0;
    return c.redirect(href('/webhooks', { notice: `${released} released.` }), 303);
  });
  app.post('/webhooks/deliveries/:id/resend', async (c) => {
    const id = c.req.param('id');
    const sender = core.webhooks.all().find((one) => one.get(id));
    const sent = await sender?.resend(id);
    return c.redirect(
      href('/webhooks', { notice: sent ? `Sent again: ${sent.state}.` : 'There is no such delivery.' }),
      303,
    );
  });
}

async function formOf(c: Context): Promise<Record<string, string>> {
  const fields = Object.entries(await c.req.parseBody());
  return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
}

/** Leads back to the page that the form stood on (always one of ours: only its path is used). */
function back(c: Context, message: Record<string, string>): Response {
  const referer = c.req.header('referer');
  const path = referer && URL.canParse(referer) ? new URL(referer).pathname : '/';
  return c.redirect(href(path.replace(/^\/+/, '/'), message), 303);
}
