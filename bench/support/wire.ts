import { connect, type Socket } from 'node:net';

/**
 * As little of PostgreSQL's protocol as a load generator needs: one prepared statement, text parameters, answers thrown away. A call costs
 * a fifth of one through `pg`, so that the generator takes little of the cores that the database is measured on.
 */
export interface Wire {
  /** Process id of the backend, to read its CPU time. */
  readonly pid: number;
  /** Runs the prepared statement; throws what the server refused. */
  run(values: readonly string[]): Promise<void>;
  end(): void;
}

/** Opens a connection and prepares `sql` on it. The login must use a cleartext password, as the local clusters of dev/ do. */
export async function openWire(url: string, sql: string): Promise<Wire> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const reader = readMessages(socket);
  const user = decodeURIComponent(username);
  socket.write(startUp({ user, database: pathname.slice(1), application_name: 'bench', options: '-c timezone=UTC' }));
  await reader.untilAsked();
  socket.write(message('p', [cString(decodeURIComponent(password))]));
  await reader.untilReady();
  const parse = message('P', [cString('work'), cString(sql), int16(0)]);
  socket.write(Buffer.concat([parse, message('S', [])]));
  await reader.untilReady();
  const execute = Buffer.concat([message('E', [cString(''), int32(0)]), message('S', [])]);
  return {
    pid: reader.pid(),
    run(values) {
      socket.write(Buffer.concat([bind(values), execute]));
      return reader.untilReady();
    },
    end() {
      socket.end(message('X', []));
    },
  };
}

interface Waiting {
  resolve: () => void;
  reject: (error: Error) => void;
}

function readMessages(socket: Socket): {
  pid(): number;
  untilAsked(): Promise<void>;
  untilReady(): Promise<void>;
} {
  let rest: Buffer = Buffer.alloc(0);
  let pid = 0;
  let failure: Error | undefined;
  let waiting: (Waiting & { wakesOn: string }) | undefined;

  function settle(): void {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    const error = failure;
    failure = undefined;
    if (error) reject?.(error);
    else resolve?.();
  }

  socket.on('data', (chunk: Buffer) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 5 <= data.length) {
      const length = data.readUInt32BE(at + 1) + 1;
      if (at + length > data.length) break;
      const type = String.fromCharCode(data[at] ?? 0);
      if (type === 'E') {
        failure = new Error(errorText(data.subarray(at + 5, at + length)));
        // A refused login is not followed by anything.
        if (waiting?.wakesOn === 'R') settle();
      } else if (type === 'K') {
        pid = data.readUInt32BE(at + 5);
      }
      if (type === waiting?.wakesOn) settle();
      at += length;
    }
    rest = at === data.length ? Buffer.alloc(0) : data.subarray(at);
  });
  for (const event of ['error', 'close'] as const) {
    socket.on(event, (error: unknown) => {
      failure ??= error instanceof Error ? error : new Error('the server closed the connection');
      settle();
    });
  }
  const until = (wakesOn: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting = { wakesOn, resolve, reject };
    });
  return { pid: () => pid, untilAsked: () => until('R'), untilReady: () => until('Z') };
}

/** Code and text of an error message of the server. */
function errorText(body: Buffer): string {
  const fields = body.toString('utf8').split('\0');
  const field = (name: string): string => fields.find((each) => each.startsWith(name))?.slice(1) ?? '';
  return `${field('C')} ${field('M')}`;
}

function startUp(settings: Record<string, string>): Buffer {
  const parts = [int32(196_608), ...Object.entries(settings).flat().map(cString), Buffer.from([0])];
  const body = Buffer.concat(parts);
  return Buffer.concat([int32(body.length + 4), body]);
}

function message(type: string, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

/** Binds text parameters to the prepared statement. Written into one buffer: it runs once per measured call. */
function bind(values: readonly string[]): Buffer {
  let size = 1 + 4 + 1 + 5 + 2 + 2 + 2;
  for (const value of values) size += 4 + Buffer.byteLength(value);
  const buffer = Buffer.allocUnsafe(size);
  buffer.write('B', 0, 'latin1');
  buffer.writeInt32BE(size - 1, 1);
  buffer.write('\0work\0', 5, 'latin1');
  buffer.writeInt16BE(0, 11);
  buffer.writeInt16BE(values.length, 13);
  let at = 15;
  for (const value of values) {
    const written = buffer.write(value, at + 4, 'utf8');
    buffer.writeInt32BE(written, at);
    at += 4 + written;
  }
  buffer.writeInt16BE(0, at);
  return buffer;
}

function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}
