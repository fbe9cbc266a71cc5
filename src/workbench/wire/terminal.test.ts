import { afterEach, describe, expect, it } from 'vitest';
import { terminalLink, terminalSession } from './terminal.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function pair(onOutput: (bytes: Uint8Array) => void = () => undefined) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const exit = Promise.withResolvers<number>();
  const session = terminalSession(port1, { columns: 80, rows: 24, onOutput, onExit: exit.resolve });
  return { session, link: terminalLink(port2), exit: exit.promise };
}

describe('a terminal between page and worker', () => {
  it('brings what is typed, in order', async () => {
    const { session, link } = pair();
    session.write('ls\r');
    session.write('é');
    const typed: string[] = [];
    for await (const bytes of link.typed) {
      typed.push(new TextDecoder().decode(bytes));
      if (typed.length === 2) link.ended(0);
    }
    expect(typed).toEqual(['ls\r', 'é']);
  });

  it('brings sizes and the end from the page', async () => {
    const { session, link } = pair();
    const sized = new Promise((resolve) => {
      link.onSize((columns, rows) => {
        resolve([columns, rows]);
      });
    });
    const closed = new Promise<string>((resolve) => {
      link.onClose(() => {
        resolve('closed');
      });
    });
    session.resize(100, 30);
    session.close();
    expect(await sized).toEqual([100, 30]);
    expect(await closed).toBe('closed');
  });

  it('shows bytes that stay as they were, then the exit code', async () => {
    const shown: string[] = [];
    const { link, exit } = pair((bytes) => shown.push(new TextDecoder().decode(bytes)));
    const buffer = new TextEncoder().encode('one');
    void link.show(buffer);
    buffer.fill(0);
    link.ended(7);
    expect(await exit).toBe(7);
    expect(shown).toEqual(['one']);
  });

  it('stops who prints more than the page has shown, until it has', async () => {
    let shown = 0;
    const { link } = pair((bytes) => (shown += bytes.length));
    const piece = new Uint8Array(100_000);
    let waited = 0;
    for (let i = 0; i < 10; i++) {
      const full = link.show(piece);
      if (full) waited += 1;
      await full;
    }
    expect(waited).toBeGreaterThan(0);
    expect(shown).toBeGreaterThan(500_000);
  });
});
