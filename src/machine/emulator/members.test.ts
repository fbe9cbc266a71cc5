import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { instantiate } from './wasm.ts';
import { membersOf, setPagesPerFunction, V86 } from './members.ts';
import { HARDWARE, V86_VERSION } from './options.ts';

const resolve = (name: string): string => createRequire(import.meta.url).resolve(name);

let vm: V86;
let exports: object = {};

beforeAll(async () => {
  const wasm = readFileSync(resolve('v86/build/v86.wasm'));
  vm = new V86({
    ...HARDWARE,
    net_device: { ...HARDWARE.net_device },
    virtio_console: { ...HARDWARE.virtio_console },
    memory_size: 16 * 1024 * 1024,
    filesystem: { handle9p: () => undefined },
    wasm_fn: async (imports: object) => {
      exports = await instantiate(wasm, imports);
      return exports;
    },
  });
  await new Promise<void>((loaded) => {
    vm.add_listener('emulator-loaded', loaded);
  });
});

describe('the undocumented members of v86', () => {
  test('are those of the version that is installed', () => {
    const file = resolve('v86/build/v86.wasm').replace(/build\/v86\.wasm$/, 'package.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: V86_VERSION });
  });

  test('are where this project looks for them', () => {
    const { core, cpu, bus } = membersOf(vm);
    expect(core.idle).toBe(true);
    expect(cpu.memory_size[0]).toBe(cpu.mem8.length);
    expect(cpu.in_hlt.length).toBe(1);
    expect(cpu.devices.virtio_9p.tag_bufchain.size).toBe(0);
    bus.send('serial0-input', 7);
    expect(Array.from(cpu.devices.uart0.input)).toEqual([7]);
  });

  test.each([
    ['v86.cpu.main_loop', 'undefined, not function'],
    ['v86.cpu.devices.virtio_9p.tag_bufchain', 'undefined, not number'],
    ['v86.cpu.devices.virtio_console.virtio.queues', 'undefined, not function'],
    ['bus', 'undefined, not function'],
  ])('are missed when %s has moved', (path, said) => {
    const hide = (object: object, [first = '', ...rest]: readonly string[]): object => {
      const value: unknown = Reflect.get(object, first);
      const inside = typeof value === 'object' && value !== null ? hide(value, rest) : undefined;
      return Object.create(object, {
        [first]: { value: rest.length === 0 ? undefined : inside },
      }) as object;
    };
    expect(() => membersOf(hide(vm, path.split('.')))).toThrow(
      new RegExp(
        `^v86 is not the one this was written for .*: its member ${path.replaceAll('.', '\\.')}\\S* is ${said}$`,
      ),
    );
  });

  test('have the setting for how much is compiled into one function', () => {
    const pages = (): unknown => {
      const get: unknown = Reflect.get(exports, 'get_jit_config');
      return typeof get === 'function' ? Reflect.apply(get, undefined, [1]) : undefined;
    };
    expect(pages()).toBe(3);
    setPagesPerFunction(exports, 1);
    expect(pages()).toBe(1);
    expect(() => {
      setPagesPerFunction({}, 1);
    }).toThrow(/its member set_jit_config is undefined, not function$/);
  });

  test('leave no global behind', () => {
    expect(Reflect.has(globalThis, 'V86')).toBe(false);
  });
});
