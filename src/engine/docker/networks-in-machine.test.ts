import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { askMachine } from '../../adapters/embedded/http.ts';
import { hostWorkspace } from '../../cli/workspace/host-workspace.ts';
import { parseYaml } from '../../shell/yaml.ts';
import { words } from '../../testing/container-engine.ts';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../../testing/machine.ts';
import { runDocker } from '../../testing/session.ts';
import { stopAllContainers } from '../containers/shutdown.ts';
import type { Engine } from '../engine.ts';

// Networks for real: what containers in the machine see of each other, and the machine of them.
const SERVE = "sh -c 'mkdir /www; hostname > /www/index.html; exec httpd -f -p 80 -h /www'";

describe.skipIf(!hasMachine)(
  `networks in the machine (${hasMachine ? 'found' : NO_MACHINE})`,
  { timeout: 120_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'semdistro-networks-'));
    const machine = newMachine({ workspace: folder });
    const engine: Engine = { ...pantryEngine(), processHost: machine.host };
    const say = (line: string) =>
      runDocker(engine, words(line), {
        cwd: folder,
        session: { workspace: hostWorkspace(folder, folder), parseYaml },
      });

    /** What it prints, when it succeeds. */
    async function docker(line: string): Promise<string> {
      const { code, text, stderr } = await say(line);
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
      return text;
    }

    /** What a page says to a container; undefined without an answer. */
    async function page(from: string, host: string): Promise<string | undefined> {
      const { code, text } = await say(`exec ${from} wget -q -T 3 -O - http://${host}/`);
      return code === 0 ? text.trim() : undefined;
    }

    /** What a page says in the machine's own shell: `curl localhost:PORT`. */
    async function outside(port: number): Promise<string | undefined> {
      const answer = await askMachine(machine)(port, { path: '/', method: 'GET', headers: {} });
      return answer?.body.trim();
    }

    beforeAll(async () => {
      expect((await say('pull -q busybox')).code).toBe(0);
      await docker('network create back');
      await docker('network create front');
      await docker(
        `run -d --name web -h web --network back --network-alias www -p 8080:80 busybox ${SERVE}`,
      );
      await docker('run -d --name peer --network back busybox sleep 10000');
      await docker('run -d --name other --network front busybox sleep 10000');
      await docker(`run -d --name plain -h plain busybox ${SERVE}`);
      await docker('run -d --name plain2 busybox sleep 10000');
      await vi.waitFor(async () => {
        expect(await page('peer', 'web')).toBe('web');
      }, 30_000);
    }, 120_000);

    afterAll(async () => {
      await stopAllContainers(engine);
      await machine.close();
      rmSync(folder, { recursive: true });
    });

    test('containers reach each other by name, alias and address', async () => {
      const id = (await docker('ps -q --filter name=web')).trim();
      for (const host of ['web', 'www', id, 'web.back', '172.18.0.2']) {
        expect([host, await page('peer', host)]).toEqual([host, 'web']);
      }
    });

    test('not by name on the default bridge, nor across networks', async () => {
      expect(await page('plain2', '172.17.0.2')).toBe('plain');
      expect(await page('plain2', 'plain')).toBeUndefined();
      expect(await page('other', 'web')).toBeUndefined();
      expect(await page('other', '172.18.0.2')).toBeUndefined();
    });

    test('a published port answers in the machine, and at the gateway, until the container ends', async () => {
      expect(await outside(8080)).toBe('web');
      expect(await page('other', '172.19.0.1:8080')).toBe('web');
      await docker(`run -d --name late -h late -p 8081:80 busybox ${SERVE}`);
      await vi.waitFor(async () => {
        expect(await outside(8081)).toBe('late');
      }, 20_000);
      await docker('rm -f late');
      expect(await outside(8081)).toBeUndefined();
    });

    test('a taken port is refused, and the container has not run', async () => {
      const { code, stderr } = await say('run --name second -p 8080:80 busybox true');
      expect(code).toBe(125);
      expect(stderr).toContain('Bind for 0.0.0.0:8080 failed: port is already allocated');
      await docker('rm second');
    });

    test('inside, addresses and files are as Docker has them', async () => {
      expect(await docker('exec web ip -4 addr show eth0')).toMatch(/inet 172\.18\.0\.2\/16 /);
      expect(await docker('exec web cat /sys/class/net/eth0/address')).toBe('02:42:ac:12:00:02\n');
      expect(await docker('exec web ip route')).toMatch(/^default via 172\.18\.0\.1 dev eth0/);
      expect(await docker('exec web grep web /etc/hosts')).toBe('172.18.0.2\tweb\n');
      expect(await docker('exec web grep nameserver /etc/resolv.conf')).toBe(
        'nameserver 127.0.0.11\n',
      );
    });

    test('a container joins another network while it runs, and leaves it', async () => {
      await docker('network connect --alias shop front web');
      expect(await page('other', 'shop')).toBe('web');
      expect(await docker('exec web grep -c web /etc/hosts')).toBe('2\n');
      await docker('network disconnect front web');
      expect(await page('other', 'shop')).toBeUndefined();
      expect(await outside(8080)).toBe('web');
      expect(await page('peer', 'web')).toBe('web');
    });

    test('one of the default bridge gets a resolver when it joins a network with names', async () => {
      await docker('network connect back plain2');
      expect(await page('plain2', 'web')).toBe('web');
      await docker('network disconnect back plain2');
      expect(await page('plain2', 'web')).toBeUndefined();
    });

    test('a container made anew has another address, under the same name', async () => {
      await docker('rm -f web');
      await docker('run -d --name between --network back busybox sleep 10000');
      await docker(`run -d --name web -h again --network back busybox ${SERVE}`);
      await vi.waitFor(async () => {
        expect(await page('peer', 'web')).toBe('again');
      }, 20_000);
      expect(await docker('exec peer nslookup web')).toContain('172.18.0.4');
    });

    test('a container with another’s network has its loopback, names and files', async () => {
      expect(
        await docker('run --rm --network container:web busybox wget -q -O - http://127.0.0.1/'),
      ).toBe('again\n');
      expect(
        await docker('run --rm --network container:web busybox wget -q -O - http://web/'),
      ).toBe('again\n');
    });

    test('an internal network leads nowhere else', async () => {
      await docker('network create --internal vault');
      await docker(`run -d --name safe -h safe --network vault -p 8082:80 busybox ${SERVE}`);
      expect(await docker('port safe')).toBe('');
      expect(await docker('run --rm --network vault busybox ip route')).not.toContain('default');
    });

    test('compose brings two services up, and takes them down', async () => {
      const serve = [
        'sh',
        '-c',
        'mkdir /www; echo hi > /www/index.html; exec httpd -f -p 80 -h /www',
      ];
      writeFileSync(
        join(folder, 'compose.yaml'),
        JSON.stringify({
          name: 'shop',
          services: {
            page: {
              ...{ image: 'busybox', command: serve, ports: ['8090:80'] },
              healthcheck: {
                ...{ test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1/'] },
                ...{ interval: '1s', retries: 20 },
              },
            },
            asks: {
              ...{ image: 'busybox', command: 'wget -q -O - http://page/' },
              depends_on: { page: { condition: 'service_healthy' } },
            },
          },
        }),
      );
      const up = await say('compose up -d');
      expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('shop-page-1  Healthy')]);
      expect(await outside(8090)).toBe('hi');
      await vi.waitFor(async () => {
        expect(await docker('compose logs --no-log-prefix asks')).toBe('hi\n');
      }, 20_000);
      const down = await say('compose down -t 0');
      expect([down.code, down.stderr]).toEqual([
        0,
        expect.stringContaining(' Network shop_default  Removed\n'),
      ]);
      expect(await outside(8090)).toBeUndefined();
    });
  },
);
