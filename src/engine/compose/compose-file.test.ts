import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { interpolate } from './interpolate.ts';
import { parseDotenv } from './dotenv.ts';
import { startOrder } from './order.ts';
import { readCompose } from './read.ts';
import { splitWords } from './words.ts';

const read = (text: string) => readCompose(parse(text));

describe('a Compose file', () => {
  test('has its short forms and its long ones read alike', () => {
    const short = read(`
services:
  web:
    image: app
    command: serve --port "80 80"
    environment: [A=1, B]
    ports: ['8080:80', 90]
    volumes: ['data:/data:ro', './here:/there']
    depends_on: [db]
    tmpfs: /tmp
  db: {image: redis}
volumes: {data: }
`);
    const long = read(`
services:
  web:
    image: app
    command: [serve, --port, '80 80']
    environment: {A: 1, B: }
    ports: [{target: 80, published: 8080}, {target: 90}]
    volumes:
      - {type: volume, source: data, target: /data, read_only: true}
      - {type: bind, source: here, target: /there}
      - {type: tmpfs, target: /tmp}
    depends_on: {db: {condition: service_started}}
  db: {image: redis}
volumes: {data: }
`);
    const web = long.services.get('web');
    expect(web).toMatchObject({
      ...{ command: ['serve', '--port', '80 80'], environment: ['A=1', 'B'], tmpfs: ['/tmp'] },
      volumes: ['data:/data:ro', './here:/there'],
      networks: [{ network: 'default', aliases: [] }],
    });
    expect(web?.ports).toEqual(['8080:80/tcp', '90/tcp']);
    expect({ ...web, ports: [] }).toEqual({ ...short.services.get('web'), ports: [] });
  });

  test('names all that is not available here, at once', () => {
    const wrong = (): unknown =>
      read(`
services:
  web: {image: app, deploy: {replicas: 2}, x-mine: 1, logging: {driver: none}}
configs: {a: {file: b}}
networks: {n: {driver: overlay}}
`);
    expect(wrong).toThrow(
      'not available here: services.web.deploy, services.web.logging, configs, networks.n.driver: overlay',
    );
  });

  test.each([
    ['services: {web: {}}', /has neither an image nor a build context/],
    ['services: {web: {image: a, depends_on: [db]}}', /depends on undefined service "db"/],
    ['services: {web: {image: a, networks: [x]}}', /refers to undefined network x/],
    ['services: {web: {image: a, volumes: ["x:/y"]}}', /refers to undefined volume x/],
    ['services: {web: {image: a, networks: [x], network_mode: host}}', /mutually exclusive/],
    ['services: {web: {image: [a]}}', /services\.web\.image must be a string/],
    ['services: {web: {image: a, read_only: maybe}}', /read_only must be a boolean/],
    ['services: {web: {image: a, healthcheck: {interval: soon}}}', /interval must be a duration/],
    ['services: {}', /no service selected/],
    ['', /empty compose file/],
  ])('%s is refused', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  test('starts what others need before them, and finds circles', () => {
    const file = read(`
services:
  web: {image: a, depends_on: [app]}
  app: {image: a, depends_on: [db], network_mode: 'service:side'}
  db: {image: a}
  side: {image: a}
  other: {image: a}
`);
    expect(startOrder(file, ['web']).map(({ name }) => name)).toEqual(['side', 'db', 'app', 'web']);
    const circle = read(`
services:
  a: {image: x, depends_on: [b]}
  b: {image: x, depends_on: [a]}
`);
    expect(() => startOrder(circle)).toThrow('dependency cycle detected: a -> b -> a');
  });
});

describe('variables', () => {
  const given = new Map([
    ['A', '1'],
    ['EMPTY', ''],
  ]);
  const missing: string[] = [];
  const variables = {
    get: (name: string) => given.get(name),
    missing: (name: string) => void missing.push(name),
  };

  test.each([
    ['$A ${A} $$A', '1 1 $A'],
    ['${NO:-x} ${NO-x} ${EMPTY:-x} ${EMPTY-x}', 'x x x '],
    ['${A:+yes}${NO:+no}', 'yes'],
    ['${NO:-${A}}', '1'],
    ['$NO', ''],
  ])('%s is "%s"', (text, expected) => {
    expect(interpolate({ key: [text] }, variables)).toEqual({ key: [expected] });
  });

  test('that are missing are told, and what is required fails with its message', () => {
    interpolate('$NO', variables);
    expect(missing).toContain('NO');
    expect(() => interpolate({ a: '${NO:?say it}' }, variables)).toThrow(
      'error while interpolating a: required variable NO is missing a value: say it',
    );
    expect(() => interpolate({ a: '${' }, variables)).toThrow('invalid interpolation format for a');
  });

  test('of an env file may be quoted and commented', () => {
    const text = 'A=1 # one\n# no\nexport B="two\\nlines"\nC=\'$x\'\n\nbad line\nD=\n';
    expect([...parseDotenv(text)]).toEqual([
      ['A', '1'],
      ['B', 'two\nlines'],
      ['C', '$x'],
      ['D', ''],
    ]);
  });
});

test('a command line is split as a shell would, and nothing else is done to it', () => {
  expect(splitWords(`sh -c "echo 'a b' $X" \\"x '' y`, 'p')).toEqual([
    ...['sh', '-c', "echo 'a b' $X", '"x', '', 'y'],
  ]);
  expect(() => splitWords('a "b', 'p')).toThrow('p: a quote is not closed');
});
