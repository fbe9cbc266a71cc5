import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseYaml } from '../../shell/yaml.ts';
import type { ContainerEngine } from '../../testing/container-engine.ts';
import { testContainers, until } from '../../testing/test-containers.ts';
import { emitContainerEvent } from '../containers/container-event.ts';
import { findContainer } from '../containers/registry.ts';
import { liveContainer } from '../containers/running.ts';

const { open, close } = testContainers();
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'semdistro-compose-'));
});
afterEach(async () => {
  await close();
  rmSync(cwd, { recursive: true });
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function compose(one: ContainerEngine, line: string): Promise<Said> {
  const session = { parseYaml };
  const { code, text, stderr } = await one.docker(`compose ${line}`, {
    ...{ cwd, session, env: { PWD: join(cwd, 'Shop!') } },
  });
  return { code, out: text, err: stderr };
}

function write(text: string): void {
  writeFileSync(join(cwd, 'compose.yaml'), text);
}

const TWO = `
services:
  web:
    image: box
    command: sleep 100
    depends_on: [db]
    ports: ['8080:80']
    environment: {DB: db}
  db:
    image: box
    command: sleep 100
    volumes: ['data:/data']
volumes:
  data:
`;

describe('docker compose up', () => {
  test('makes network, volume and containers, in the order they need each other', async () => {
    const one = await open();
    write(TWO);
    const { code, err } = await compose(one, 'up -d');
    expect([code, err]).toEqual([
      0,
      ` Network shop_default  Creating
 Network shop_default  Created
 Volume "shop_data"  Creating
 Volume "shop_data"  Created
 Container shop-db-1  Creating
 Container shop-db-1  Created
 Container shop-web-1  Creating
 Container shop-web-1  Created
 Container shop-db-1  Starting
 Container shop-db-1  Started
 Container shop-web-1  Starting
 Container shop-web-1  Started
`,
    ]);
    expect((await one.docker('exec shop-web-1 resolve db shop-db-1')).text).toBe(
      '172.18.0.2\n172.18.0.2\n',
    );
    expect((await one.docker('port shop-web-1')).text).toBe('80/tcp -> 0.0.0.0:8080\n');
    expect((await one.docker('exec shop-web-1 env')).text).toContain('DB=db\n');
    const { out } = await compose(one, "ps --format '{{.Service}} {{.State}} {{.Ports}}'");
    expect(out).toBe('db running \nweb running 0.0.0.0:8080->80/tcp\n');
    expect((await compose(one, 'ps')).out).toMatch(
      /^NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS\nshop-db-1 +box +"sleep 100" +db /,
    );
  });

  test('leaves what is as it should be, and makes anew what is not', async () => {
    const one = await open();
    write(TWO);
    await compose(one, 'up -d');
    const { id } = await findContainer(one.engine, 'shop-db-1');
    write(TWO.replace('DB: db', 'DB: other'));
    expect((await compose(one, 'up -d')).err).toBe(
      ` Container shop-db-1  Running
 Container shop-web-1  Recreate
 Container shop-web-1  Recreated
 Container shop-web-1  Starting
 Container shop-web-1  Started
`,
    );
    expect((await findContainer(one.engine, 'shop-db-1')).id).toBe(id);
  });

  test('shows what the containers print until they end', async () => {
    const one = await open();
    write(`
services:
  long-name: {image: box, command: echo one}
  two: {image: box, command: "sh -c 'echo two; exit 3'"}
`);
    const { code, out } = await compose(one, 'up');
    expect(code).toBe(0);
    expect(out.split('\n').toSorted()).toEqual(
      [
        '',
        'Attaching to long-name-1, two-1',
        'long-name-1  | one',
        'two-1        | two',
        'long-name-1 exited with code 0',
        'two-1 exited with code 3',
      ].toSorted(),
    );
    expect((await compose(one, 'logs --no-log-prefix two')).out).toBe('two\n');
    expect((await compose(one, 'logs')).out).toBe('long-name-1  | one\ntwo-1        | two\n');
  });

  test('waits for health before it starts what needs it', async () => {
    const one = await open();
    write(`
services:
  web: {image: box, command: sleep 100, depends_on: {db: {condition: service_healthy}}}
  db: {image: box, command: sleep 100, healthcheck: {test: [CMD, 'true'], interval: 1h}}
`);
    const up = compose(one, 'up -d');
    await until(async () => (await one.docker('ps -q --filter name=shop-db-1')).text !== '');
    const db = await findContainer(one.engine, 'shop-db-1');
    expect((await findContainer(one.engine, 'shop-web-1')).state.status).toBe('created');
    liveContainer(one.engine, db.id)?.change((state) => ({
      ...state,
      health: { status: 'healthy', failingStreak: 0, log: [] },
    }));
    emitContainerEvent(one.engine, db, 'health_status: healthy');
    expect((await up).err).toContain(
      ' Container shop-db-1  Waiting\n Container shop-db-1  Healthy\n Container shop-web-1  Starting\n',
    );
  });

  test('fails when what is needed ends', async () => {
    const one = await open();
    write(`
services:
  web: {image: box, command: sleep 100, depends_on: {job: {condition: service_completed_successfully}}}
  job: {image: box, command: "sh -c 'exit 3'"}
`);
    const { code, err } = await compose(one, 'up -d');
    expect(code).toBe(1);
    expect(err).toContain('service "shop-job-1" didn\'t complete successfully: exit 3\n');
  });

  test('builds what has a build, once', async () => {
    const one = await open();
    writeFileSync(join(cwd, 'Dockerfile'), 'FROM box\nARG V\nENV V=$V\n');
    write('services: {web: {build: {context: ., args: {V: 7}}, command: sleep 100}}');
    expect((await compose(one, 'up -d')).code).toBe(0);
    expect((await one.docker('exec shop-web-1 env')).text).toContain('V=7\n');
    expect((await compose(one, 'up -d')).err).toBe(' Container shop-web-1  Running\n');
  });

  test('takes variables from outside and from .env, a file by -f and a name by -p', async () => {
    const one = await open();
    writeFileSync(join(cwd, '.env'), 'TAG=box\n');
    writeFileSync(
      join(cwd, 'other.yml'),
      'services: {web: {image: "${TAG}", command: "echo $NO"}}',
    );
    const { code, err } = await compose(one, '-f other.yml -p mine up -d');
    expect([code, err]).toEqual([0, expect.stringContaining('Container mine-web-1  Started')]);
    expect(err).toContain('The "NO" variable is not set. Defaulting to a blank string.');
  });

  test.each([
    ['services: {web: {image: box, deploy: {}}}', 15, 'not available here: services.web.deploy'],
    ['services: [', 15, 'yaml: '],
    ['services: {web: {image: box, mem_limit: lots}}', 15, 'services.web: invalid argument'],
  ])('says what is wrong with %s', async (text, code, why) => {
    const one = await open();
    write(text);
    const said = await compose(one, 'up -d');
    expect(said.code).toBe(code);
    expect(said.err).toContain(why);
  });

  test('says that there is no file', async () => {
    const one = await open();
    expect(await compose(one, 'up')).toEqual({
      ...{ code: 14, out: '' },
      err: 'no configuration file provided: not found\n',
    });
  });
});

describe('docker compose down', () => {
  test('takes everything away, the volumes when asked to', async () => {
    const one = await open();
    write(TWO);
    await compose(one, 'up -d');
    const { err } = await compose(one, 'down -t 0');
    expect(err).toBe(
      ` Container shop-web-1  Stopping
 Container shop-web-1  Stopped
 Container shop-web-1  Removing
 Container shop-web-1  Removed
 Container shop-db-1  Stopping
 Container shop-db-1  Stopped
 Container shop-db-1  Removing
 Container shop-db-1  Removed
 Network shop_default  Removing
 Network shop_default  Removed
`,
    );
    expect((await one.docker('volume ls -q')).text).toBe('shop_data\n');
    expect((await compose(one, 'down -v')).err).toBe(
      ' Volume shop_data  Removing\n Volume shop_data  Removed\n',
    );
    expect((await compose(one, 'down')).err).toBe(
      'Warning: No resource found to remove for project "shop".\n',
    );
  });
});
