import { portBindings, publishedPorts } from '../../engine/containers/ports.ts';
import { listContainers } from '../../engine/containers/registry.ts';
import { isRunning } from '../../engine/containers/state.ts';
import { EngineError } from '../../engine/errors.ts';
import type { GuestAddress } from '../../preview/address.ts';
import type { LogEntry } from '../../preview/log.ts';
import { openPreview, type PreviewRequest } from '../../preview/session.ts';
import { sendAnswer } from '../../preview/wire.ts';
import type { PreviewPort } from '../port.ts';
import { previewUrls } from '../preview/urls.ts';
import type { Room } from './room.ts';

/** The worker's part of previews. */
export interface PreviewWork {
  ports(): Promise<readonly PreviewPort[]>;
  ask(request: PreviewRequest, port: MessagePort, signal: AbortSignal): Promise<void>;
  setCookie(page: GuestAddress, cookie: string): void;
  log(): readonly LogEntry[];
  clearLog(): void;
}

export interface PreviewWorkOptions {
  /** An absolute URL; undefined where the site has none. */
  readonly folder: string | undefined;
  /** Rejects while the machine does not run. */
  readonly room: () => Promise<Pick<Room, 'engine'>>;
  readonly onLog: () => void;
}

/** Milliseconds between two looks at a log that a page may flood. */
const SOON = 250;

export function openPreviewWork({ folder, room, onLog }: PreviewWorkOptions): PreviewWork {
  const { place, pageScript } = previewUrls(folder ?? 'http://localhost/preview/');
  let telling: ReturnType<typeof setTimeout> | undefined;
  const session = openPreview({
    ...{ place, pageScript, userAgent: navigator.userAgent, now: () => Date.now() },
    async dial(port) {
      const { processHost } = (await room()).engine;
      if (processHost?.dial) return processHost.dial(port);
      throw new EngineError('no-network', 'this machine has no network');
    },
    onLog() {
      telling ??= setTimeout(() => {
        telling = undefined;
        onLog();
      }, SOON);
    },
  });
  return {
    async ports() {
      const { engine } = await room();
      const all = await listContainers(engine);
      return all.flatMap((record) => {
        const open = isRunning(record);
        const ports = open ? publishedPorts(record) : portBindings(record);
        return ports.flatMap(({ port, hostPort }): readonly PreviewPort[] => {
          const number = Number(hostPort);
          if (!port.endsWith('/tcp') || !Number.isInteger(number) || number < 1) return [];
          return [{ port: number, container: record.name, inside: port, open }];
        });
      });
    },
    ask: (request, port, signal) =>
      sendAnswer(port, (gone) => session.answer(request, AbortSignal.any([gone, signal]))),
    setCookie(page, cookie) {
      session.setCookie(page, cookie);
    },
    log: () => session.log.entries(),
    clearLog: () => {
      session.log.clear();
    },
  };
}
