import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { collect } from '../engine/bytes.ts';

/** A server of this computer, as a learner's container would be one. */
export interface TestServer {
  readonly port: number;
  /** What was asked of it: `GET /x`. */
  readonly asked: readonly string[];
  /** Connections that are open now. */
  readonly open: () => number;
  close(): Promise<void>;
}

type Answers = (
  request: IncomingMessage & { readonly body: Uint8Array },
  response: ServerResponse,
) => void | Promise<void>;

/** With Node's own server, which chunks, and keeps connections when it may. */
export async function httpServer(answers: Answers): Promise<TestServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    collect(request)
      .then((body) => answers(Object.assign(request, { body }), response))
      .catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
  });
  return listening(server, asked);
}

/** That does with a connection whatever the test wants. */
export async function tcpServer(answers: (socket: Socket) => unknown): Promise<TestServer> {
  const server = createTcp((socket) => {
    socket.on('error', () => undefined);
    answers(socket);
  });
  return listening(server, []);
}

async function listening(server: Server, asked: readonly string[]): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
