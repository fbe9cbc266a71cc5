import { describe, expect, test } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import type { Attachment, HostNetwork } from '../../engine/process/host.ts';
import type { GuestInterface, GuestLeave } from '../channel/port.ts';
import { createNetworks } from './networks.ts';

const network = (digit: string, second: number, internal = false): HostNetwork => ({
  ...{ id: digit.repeat(64), internal },
  ...{ subnet: `172.${second}.0.0/16`, gateway: `172.${second}.0.1` },
});
const A = network('a', 18);
const B = network('b', 19);
const INSIDE = network('c', 20, true);

function attachment(of: HostNetwork, host: number, isDefault = false): Attachment {
  const address = of.gateway.replace(/1$/, String(host));
  return { network: of, interface: 'eth0', address, mac: '02:42:00:00:00:02', isDefault };
}

/** Networks over an agent that notes what it is told, in words. */
function noted(refuse?: (name: string) => string | undefined) {
  const said: string[] = [];
  const unknown: string[] = [];
  let ask: (namespace: number, query: Uint8Array) => Uint8Array | undefined = () => undefined;
  const dotted = (bytes: Uint8Array | undefined): string => (bytes ? [...bytes].join('.') : '');
  const networks = createNetworks({
    agent: {
      async join(namespace: number, interfaces: readonly GuestInterface[]) {
        for (const { bridge, device, address, prefix, isDefault } of interfaces) {
          const route = isDefault ? ' default' : '';
          said.push(
            `${namespace} joins ${bridge} by ${device} as ${dotted(address)}/${prefix}${route}`,
          );
          const trouble = refuse?.(bridge);
          if (trouble !== undefined) throw new Error(trouble);
        }
      },
      async leave(namespace: number, { devices, gateway, close }: GuestLeave) {
        const rest = [gateway ? `then by ${dotted(gateway)}` : '', close ? 'and closes' : ''];
        said.push([`${namespace} leaves`, ...devices, ...rest].filter(Boolean).join(' '));
      },
      onQuery(handler) {
        ask = handler;
      },
    },
    guard: (work) => work,
    now: () => 0,
    onLookup: (name) => unknown.push(name),
  });
  return {
    networks,
    unknown,
    /** What was said since it was last asked for. */
    said: () => said.splice(0),
    query: (namespace: number, name: string) =>
      ask(
        namespace,
        Uint8Array.of(
          0,
          1,
          1,
          0,
          0,
          1,
          0,
          0,
          0,
          0,
          0,
          0,
          name.length,
          ...utf8(name),
          0,
          0,
          1,
          0,
          1,
        ),
      ),
  };
}

describe('networks', () => {
  test('are bridges that go with the last who is in them', async () => {
    const { networks, said } = noted();
    const first = await networks.open([attachment(A, 2, true)], undefined);
    const second = await networks.open([attachment(A, 3, true)], undefined);
    expect([first.file, second.file]).toEqual(['/run/semdistro/net/1', '/run/semdistro/net/2']);
    expect(said()).toEqual([
      '1 joins br-aaaaaaaaaaaa by veth0000001 as 172.18.0.2/16 default',
      '2 joins br-aaaaaaaaaaaa by veth0000002 as 172.18.0.3/16 default',
    ]);
    first.close();
    second.close();
    expect(said()).toEqual([
      '1 leaves veth0000001 and closes',
      '2 leaves veth0000002 br-aaaaaaaaaaaa and closes',
    ]);
  });

  test('are joined and left while a container runs; the default route stays with one that is left', async () => {
    const { networks, said } = noted();
    const sandbox = await networks.open([attachment(A, 2, true)], undefined);
    await sandbox.connect(attachment(INSIDE, 2));
    await sandbox.connect(attachment(B, 2));
    said();
    await sandbox.disconnect(A.id);
    await sandbox.disconnect(INSIDE.id);
    await sandbox.disconnect(INSIDE.id);
    expect(said()).toEqual([
      '1 leaves veth0000001 br-aaaaaaaaaaaa then by 172.19.0.1',
      '1 leaves veth0000002 br-cccccccccccc',
    ]);
  });

  test('that are internal have no route out', async () => {
    const { networks, said } = noted();
    await networks.open([attachment(INSIDE, 2, true)], undefined);
    expect(said()).toEqual(['1 joins br-cccccccccccc by veth0000001 as 172.20.0.2/16']);
  });

  test('that cannot be made leave nothing behind', async () => {
    const { networks, said } = noted((bridge) =>
      bridge.startsWith('br-b') ? 'address: EINVAL' : undefined,
    );
    const failure = {
      code: 'network-failed',
      message: 'failed to set up the network: address: EINVAL',
    };
    const wanted = [attachment(A, 2, true), attachment(B, 2)];
    await expect(networks.open(wanted, undefined)).rejects.toMatchObject(failure);
    expect(said().slice(2)).toEqual([
      '1 leaves veth0000001 br-aaaaaaaaaaaa then by 172.19.0.1',
      '1 leaves veth0000002 br-bbbbbbbbbbbb',
      '1 leaves and closes',
    ]);
  });
});

describe('names', () => {
  test('are known in the network namespace of who asks', async () => {
    const { networks, query, unknown } = noted();
    await networks.open([], (name) => (name === 'redis' ? ['172.18.0.9'] : undefined));
    await networks.open([], undefined);
    expect([...(query(1, 'redis') ?? [])].slice(-4)).toEqual([172, 18, 0, 9]);
    expect(unknown).toEqual([]);
    expect([0, 2, 3].map((namespace) => query(namespace, 'redis') !== undefined)).toEqual([
      ...[true, true, false],
    ]);
    expect(unknown).toEqual(['redis', 'redis']);
  });

  test('that nobody has are told to those who are in it', async () => {
    const { networks, query, unknown } = noted();
    const sandbox = await networks.open([], undefined);
    const heard: string[] = [];
    const listener = (name: string): void => void heard.push(name);
    const forget = sandbox.onLookup(listener);
    sandbox.onLookup(listener);
    networks.machine.onLookup((name) => heard.push(`machine ${name}`));
    query(1, 'one');
    forget();
    query(1, 'two');
    query(0, 'three');
    expect(heard).toEqual(['one', 'one', 'two', 'machine three']);
    expect(unknown).toEqual(['one', 'two', 'three']);
    sandbox.close();
    expect(query(1, 'one')).toBeUndefined();
  });
});
