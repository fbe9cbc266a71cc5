import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFrom } from '../setup/site/server.ts';
import { DIST } from '../site-tests/dist.ts';

/** dist/ as `npm start` serves it, on a port of the system's choice; it tells what it was asked for. */
export interface DistServer {
  /** Without a slash at its end. */
  readonly origin: string;
  /** Paths that were asked for since they were last forgotten, each once. */
  readonly asked: ReadonlySet<string>;
  forget(): void;
  close(): Promise<void>;
}

export async function serveDist(): Promise<DistServer> {
  const asked = new Set<string>();
  const answer = answerFrom({ folder: DIST });
  const server = createServer((request, response) => {
    asked.add((request.url ?? '/').replace(/[?#].*$/, ''));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    asked,
    forget() {
      asked.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
