import { afterAll, describe, expect, test } from 'vitest';
import { stopAllContainers } from '../engine/containers/shutdown.ts';
import type { Engine } from '../engine/engine.ts';
import { type ExampleRun, expectExample, PATIENCE } from '../testing/example-runs.ts';
import { exampleFolder } from '../testing/examples.ts';
import { hasMachine, NO_MACHINE, pantryEngine, testMachine } from '../testing/machine.ts';
import { runDocker } from '../testing/session.ts';

/**
 * Those of `examples.test.ts` with a compiler in them: a file of their own, so that a second worker takes
 * them. Java and C++ are proved by the lab tipos-de-imagem.
 */
const HELLO = 'Hello, Distroless World!\n';

const EXAMPLES: readonly ExampleRun[] = [
  { name: 'go-static', why: 'on static', out: HELLO },
  { name: 'go-base', why: 'on base', out: HELLO },
  {
    name: 'go-cgo-static',
    why: 'cgo made it want a loader, which static has not',
    err: /^exec \/app\/app: no such file or directory$/m,
    code: 1,
  },
];

const title = `compiled examples in the machine (${hasMachine ? 'found' : NO_MACHINE})`;

describe.skipIf(!hasMachine)(title, { timeout: PATIENCE }, () => {
  let made: Engine | undefined;
  const engine = (): Engine => (made ??= { ...pantryEngine(), processHost: testMachine().host });

  afterAll(async () => {
    if (made) await stopAllContainers(made);
  }, 60_000);

  test.for(EXAMPLES)('$name $why', (example) => expectExample(engine(), example));

  test('go without a module fails, and says what is missing', async () => {
    const { code, stderr } = await runDocker(engine(), [
      ...['build', '--progress=plain', exampleFolder('go-no-module')],
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'go: go.mod file not found in current directory or any parent directory',
    );
    expect(stderr).toContain(
      'ERROR: failed to solve: process "/bin/sh -c go build -o myapp ." did not complete successfully: exit code: 1\n',
    );
  });
});
