import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** What stands for Firestore and Firebase Auth in a test lives in the test's process; a backend in another reaches it by this. */
export interface RemoteHost {
  readonly url: string;
  close(): Promise<void>;
}

interface Question {
  object: string;
  method: string;
  args: unknown[];
}

/** Lets other processes call the methods of `objects`, by name. Arguments and results are cloned, dates and whole numbers included. */
export async function hostRemote(objects: Record<string, object>): Promise<RemoteHost> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      answer(objects, deserialize(Buffer.concat(chunks)) as Question).then(
        (value) => res.end(serialize(value)),
        (error: unknown) => res.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return { url, close: () => closeServer(server) };
}

async function answer(objects: Record<string, object>, { object, method, args }: Question): Promise<unknown> {
  const target = objects[object];
  const deed: unknown = target && Reflect.get(target, method);
  if (typeof deed !== 'function') throw new Error(`${object} has no ${method}`);
  return (await Reflect.apply(deed, target, args)) as unknown;
}

/** Stands for the object of this name in the process that hosts it. Every method is a call over HTTP. */
export function remoteObject<T extends object>(url: string, object: string): T {
  return new Proxy({} as T, {
    get(_target, method) {
      // Who awaits the object itself asks for this one.
      if (method === 'then') return undefined;
      return async (...args: unknown[]) => {
        const body = serialize({ object, method: String(method), args } satisfies Question);
        const response = await fetch(url, { method: 'POST', body: new Uint8Array(body) });
        if (!response.ok) throw new Error(await response.text());
        return deserialize(Buffer.from(await response.arrayBuffer())) as unknown;
      };
    },
  });
}

/** Closes a server and the connections that clients keep open. */
export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
