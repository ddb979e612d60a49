import type { Hono } from 'hono';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';

const ROOT = '/computeMetadata/v1';

/**
 * Adds the metadata server of Google's machines: there a program gets its access token by asking it, without any secret. Google's
 * libraries ask it at `GCE_METADATA_HOST` where that is set, so that a program needs no code to get the sandbox's token instead.
 */
export function addMetadataRoutes(app: Hono): void {
  app.use('/computeMetadata/*', async (c, next) => {
    // The real one refuses whoever does not say that it means to ask: a page in a browser can't send this header to it.
    if (c.req.header('metadata-flavor') !== 'Google') {
      return c.html('<!DOCTYPE html><html lang=en><title>Error 403 (Forbidden)!!1</title></html>', 403);
    }
    await next();
    c.res.headers.set('metadata-flavor', 'Google');
    return undefined;
  });
  app.get(`${ROOT}/instance`, (c) => c.text('attributes/\nservice-accounts/\n'));
  app.get(`${ROOT}/project/project-id`, (c) => c.text('demo-dotm'));
  app.get(`${ROOT}/universe/universe-domain`, (c) => c.text('googleapis.com'));
  app.get(`${ROOT}/instance/service-accounts/default/token`, (c) =>
    c.json({ access_token: SANDBOX_CREDENTIALS.googleAccessToken, expires_in: 3_599, token_type: 'Bearer' }),
  );
}
