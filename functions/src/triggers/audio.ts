import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { onRequest, type HttpsFunction } from 'firebase-functions/https';
import { services } from '../platform/container.ts';
import { toFailure } from '../platform/doors/failure.ts';
import { traceIdFromHeaders, withTrace } from '../platform/trace.ts';
import { base, secrets } from './options.ts';

/** Where recordings are read. By itself, because it streams files while the REST door answers in milliseconds. */
export const voiceAudio: HttpsFunction = onRequest(
  { ...base, secrets: secrets.database, concurrency: 80, maxInstances: 4 },
  async (req, res) => {
    await withTrace(
      traceIdFromHeaders((name) => req.header(name)),
      async () => {
        try {
          if (req.method !== 'GET' && req.method !== 'HEAD') {
            res.status(405).set('Allow', 'GET, HEAD').end();
            return;
          }
          const { serveAudio } = await import('../features/voice/serve-audio.ts');
          const { status, headers, open } = await serveAudio(services(), {
            id: req.path.split('/').at(-1) ?? '',
            range: req.header('range'),
            ifRange: req.header('if-range'),
            ifNoneMatch: req.header('if-none-match'),
            bearerToken: /^Bearer (\S+)$/i.exec(req.header('authorization') ?? '')?.[1],
          });
          if (open === null || req.method === 'HEAD') return void res.status(status).set(headers).end();
          const sound = open();
          // Whether it can be read must be known before the headers say that it is.
          await once(sound, 'readable');
          res.status(status).set(headers);
          await pipeline(sound, res);
        } catch (error) {
          // Who went away while it was read hears nothing any more; nor does who has half of it already.
          if (res.headersSent) return void res.destroy();
          const { status, body } = toFailure('voiceAudio', error);
          res.status(status).set('Cache-Control', 'private, no-store').json(body);
        }
      },
    );
  },
);
