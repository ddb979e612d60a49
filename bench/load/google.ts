/**
 * Stands for the Google services that a request of ours waits for, as the emulators answer them and as fast as can be: Identity Toolkit
 * knows every account and has disabled none, Cloud Tasks takes every task and dispatches none, the metadata server names the instance's
 * service account. Run as a program, so that its CPU time is
 * counted apart: `node bench/load/google.ts <port>`.
 */
import { createServer, type ServerResponse } from 'node:http';

const port = Number(process.argv[2]);

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    if (req.url?.startsWith('/computeMetadata/')) {
      answerMetadata(req.url, res);
      return;
    }
    const isLookUp = req.url?.endsWith('/accounts:lookup') ?? false;
    const answer = isLookUp ? lookUp(Buffer.concat(chunks).toString('utf8')) : { name: req.url };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});

/** A client takes nobody for the metadata server who does not carry this header. */
function answerMetadata(url: string, res: ServerResponse): void {
  const account = { aliases: ['default'], email: 'load@load.example', scopes: [] };
  const isEmail = url.includes('/email');
  res.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': isEmail ? 'text/plain' : 'application/json' });
  res.end(isEmail ? account.email : JSON.stringify({ default: account }));
}

function lookUp(body: string): object {
  const { localId = [] } = JSON.parse(body) as { localId?: string[] };
  return { users: localId.map((uid) => ({ localId: uid, email: `${uid}@load.example`, disabled: false })) };
}

server.listen(port, '127.0.0.1');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
