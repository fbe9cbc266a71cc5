import { describe, expect, test } from 'vitest';
import { grantedCapabilities } from './capabilities.ts';
import { commandOf, mergeConfig } from './merge-config.ts';
import type { RequestedConfig } from './request.ts';
import { restartPolicy } from './restart-policy.ts';
import { killSignal, signalNumber } from './signals.ts';
import { parseBytes } from './sizes.ts';

describe('signals', () => {
  test.each([
    ['TERM', 15],
    ['SIGTERM', 15],
    ['sigkill', 9],
    ['9', 9],
    ['RTMIN', 34],
    ['RTMIN+3', 37],
    ['SIGRTMAX-1', 63],
    ['99', 99],
  ])('%s is %d', (text, number) => {
    expect(signalNumber(text)).toBe(number);
  });

  test.each(['', 'x', '0', 'SIG', 'RTMAX-99'])('%s is none', (text) => {
    expect(() => signalNumber(text)).toThrow(`invalid signal: ${text}`);
  });

  test('the kernel has no 99', () => {
    expect(() => killSignal('99')).toThrow('the linux daemon does not support signal 99');
    expect(killSignal('64')).toBe(64);
  });
});

describe('sizes', () => {
  test.each([
    ['1', 1],
    ['10b', 10],
    ['64m', 67108864],
    ['1.5G', 1610612736],
    ['2KiB', 2048],
    ['bogus', undefined],
    ['-1', undefined],
    ['', undefined],
  ])('%s is %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });
});

describe('a restart policy', () => {
  const delays = (text: string, runs: readonly (readonly [code: number, ran: number])[]) => {
    const policy = restartPolicy({ restartPolicy: text });
    return runs.map(([code, ran]) => policy.next(code, ran));
  };
  test.each([
    ['no', [[1, 0]], [undefined]],
    ['always', [[0, 0]], [100]],
    ['unless-stopped', [[0, 0]], [100]],
    ['on-failure', [[0, 0]], [undefined]],
    ['on-failure', [[1, 0]], [100]],
    // Doubled each time, and anew after a good run.
    [
      'always',
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 10_000],
        [0, 0],
      ],
      [100, 200, 400, 100, 200],
    ],
    [
      'on-failure:2',
      [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      [100, 200, undefined],
    ],
  ] as const)('%s after %j', (text, runs, expected) => {
    expect(delays(text, runs)).toEqual(expected);
  });

  test('waits a minute at most', () => {
    const policy = restartPolicy({ restartPolicy: 'always' });
    for (let run = 0; run < 20; run++) policy.next(0, 0);
    expect(policy.next(0, 0)).toBe(60_000);
  });
});

describe('capabilities', () => {
  const count = (add: readonly string[], drop: readonly string[], privileged = false): number =>
    grantedCapabilities(add, drop, privileged).length;
  test.each([
    [[], [], 14],
    [['SYS_PTRACE'], ['net_raw'], 14],
    [['CAP_CHOWN'], [], 14],
    [['chown'], ['ALL'], 1],
    [['all'], [], 41],
    [['ALL'], ['chown'], 40],
    [[], ['all'], 0],
  ])('added %j, dropped %j', (add, drop, expected) => {
    expect(count(add, drop)).toBe(expected);
  });

  test('a privileged container has them all, whatever is dropped', () => {
    expect(count([], ['all'], true)).toBe(41);
  });
});

describe('what a container runs', () => {
  const asked: RequestedConfig = {
    ...{ Domainname: '', AttachStdin: false, AttachStdout: true, AttachStderr: true },
    ...{ Tty: false, OpenStdin: false, StdinOnce: false },
  };
  const image = { Entrypoint: ['e'], Cmd: ['c'], Env: ['A=image', 'B=image'], User: '7' };
  test.each([
    ['nothing asked', {}, ['e', 'c']],
    ['a command', { Cmd: ['x'] }, ['e', 'x']],
    ['an entrypoint takes the command with it', { Entrypoint: ['n'] }, ['n']],
    ['both', { Entrypoint: ['n'], Cmd: ['x'] }, ['n', 'x']],
    ['the entrypoint reset', { Entrypoint: [''], Cmd: ['x'] }, ['x']],
    ['the entrypoint reset and nothing asked', { Entrypoint: [''] }, []],
  ])('%s', (_, more, expected) => {
    expect(commandOf(mergeConfig({ ...asked, ...more }, image))).toEqual(expected);
  });

  test('its environment: what is asked first, then the image’s others', () => {
    const { Env, User } = mergeConfig({ ...asked, Env: ['B=asked', 'C'] }, image);
    expect(Env).toEqual(['B=asked', 'C', 'A=image']);
    expect(User).toBe('7');
    expect(mergeConfig({ ...asked, User: '8' }, image).User).toBe('8');
  });
});
