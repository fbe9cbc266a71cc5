// A vitest reporter that writes what `npm test` adds up, to the file named by SEMDISTRO_TEST_SUM.

import { writeFileSync } from 'node:fs';
import { env } from 'node:process';

export default class SumReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandled errors outside any test
   */
  onTestRunEnd(modules, unhandled) {
    const file = env['SEMDISTRO_TEST_SUM'];
    if (file === undefined) return;
    let passed = 0;
    let failed = unhandled.length;
    /** @type {import('./sum.mjs').Skipped[]} */
    const skipped = [];
    for (const module of modules) {
      // A file or a suite whose own code failed (an import, a beforeAll) may hold no failed test.
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed++;
        else if (result.state === 'failed') failed++;
        else {
          const note = 'note' in result ? result.note : undefined;
          const reason = note ?? reasonInTitle(test);
          skipped.push({ test: `${module.relativeModuleId} > ${test.fullName}`, reason });
        }
      }
    }
    writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
  }
}

/**
 * A suite or a test that is left out as a whole says why in brackets at the end of its title.
 * @param {import('vitest/node').TestCase} test
 */
function reasonInTitle(test) {
  /** @type {import('vitest/node').TestCase | import('vitest/node').TestSuite | import('vitest/node').TestModule} */
  let node = test;
  while (node.type !== 'module') {
    const found = /\((.+)\)$/s.exec(node.name);
    if (found) return found[1];
    node = node.parent;
  }
  return undefined;
}
