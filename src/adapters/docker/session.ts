import { createServer, constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { concat } from '../../engine/bytes.ts';
import type { Connection } from './connect.ts';
import { hijack } from './hijack.ts';
import { message } from './protobuf.ts';

/** One call that BuildKit makes of us. */
export interface Call {
  /** gRPC metadata, as HTTP/2 has them: names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What it sends, message by message, until it has said all. */
  readonly incoming: AsyncIterable<Uint8Array>;
  readonly send: (message: Uint8Array) => Promise<void>;
}

/** Answers the calls of one method. A rejection ends the call with an error, and with it the build. */
export type Method = (call: Call) => Promise<void>;

export interface Session {
  /** What the build is told, to find us. */
  readonly id: string;
  close(): void;
}

/**
 * BuildKit's session: a connection over which the builder calls its client, for the context's files
 * and for credentials. Without one a build cannot even pull (`no active sessions`). It is gRPC, with the builder as the
 * client, on a connection that began as `POST /session`; that much of gRPC is a few lines over Node's own HTTP/2.
 */
export async function openSession(
  connection: Connection,
  methods: Readonly<Record<string, Method>>,
): Promise<Session> {
  const id = randomUUID();
  const all: Readonly<Record<string, Method>> = {
    [HEALTH]: health,
    [CREDENTIALS]: nobody,
    ...methods,
  };
  const socket = await hijack(connection, '/session', {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'semdistro',
    'X-Docker-Expose-Session-Grpc-Method': Object.keys(all),
  });
  serve(socket, all);
  return {
    id,
    close() {
      socket.destroy();
    },
  };
}

const HEALTH = '/grpc.health.v1.Health/Check';
const CREDENTIALS = '/moby.filesync.v1.Auth/Credentials';

/** Asked every few seconds: who does not answer is taken for dead. */
const health: Method = async ({ incoming, send }) => {
  await drained(incoming);
  await send(message([1, 1n])); // SERVING
};

/** Whoever asks gets no credentials: the images of the workshop are public. */
const nobody: Method = async ({ incoming, send }) => {
  await drained(incoming);
  await send(message());
};

async function drained(incoming: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of incoming) if (part.length > MAX_MESSAGE) return;
}

function serve(socket: Duplex, methods: Readonly<Record<string, Method>>): void {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    const path = headers[':path'] ?? '';
    const method = methods[path];
    stream.on('error', () => undefined);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    const end = (status: number, why = ''): void => {
      stream.on('wantTrailers', () => {
        stream.sendTrailers({
          'grpc-status': String(status),
          ...(why !== '' && { 'grpc-message': encodeURIComponent(why) }),
        });
      });
      stream.end();
    };
    if (!method) {
      end(UNIMPLEMENTED, path);
      return;
    }
    const call: Call = { headers, incoming: framesOf(stream), send: (one) => sendTo(stream, one) };
    method(call).then(
      () => {
        end(0);
      },
      (error: unknown) => {
        end(UNKNOWN, error instanceof Error ? error.message : String(error));
      },
    );
  });
  // The build tells what an end of the connection means.
  server.on('sessionError', () => undefined);
  socket.on('error', () => undefined);
  server.emit('connection', socket);
}

const UNKNOWN = 2;
const UNIMPLEMENTED = 12;
const MAX_MESSAGE = 16 * 1024 * 1024;

/** gRPC's messages in a stream: a byte for compression, four for the length, and as many. */
async function* framesOf(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  // To stop listening must not end the call: the answer is still to be sent.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) continue;
    rest = concat([rest, chunk]);
    while (rest.length >= 5) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (length > MAX_MESSAGE) {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      if (rest.length < 5 + length) break;
      yield rest.subarray(5, 5 + length);
      rest = rest.subarray(5 + length);
    }
  }
}

async function sendTo(stream: ServerHttp2Stream, bytes: Uint8Array): Promise<void> {
  const head = new Uint8Array(5);
  new DataView(head.buffer).setUint32(1, bytes.length);
  if (stream.destroyed) throw new Error('the builder went away');
  if (stream.write(concat([head, bytes]))) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
