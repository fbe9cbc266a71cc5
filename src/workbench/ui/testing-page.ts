import './bench.css';
import { type Page, pathOf } from '../../i18n/href.ts';
import type { Language } from '../../i18n/languages.ts';
import { mountDiff, mountEditor } from '../../editor/index.ts';
import { mountTerminal } from '../../terminal/index.ts';
import { words } from '../../verify/words.ts';
import type { WorkbenchState } from '../port.ts';
import { mountBench } from './mount.ts';
import { BROKEN, LAB, RIGHT, WRONG } from './testing-lab.ts';
import { fakeWorkbench } from './testing-workbench.ts';

// A page with the workbench's panels around one that only pretends, for e2e/workbench-ui.test.ts.

/** What `#name` begins with; running without one. */
const STATES: Readonly<Record<string, WorkbenchState>> = {
  starting: {
    kind: 'starting',
    stage: 'loading',
    bytes: 3_100_000,
    total: 7_820_000,
    seconds: 0.6,
  },
  elsewhere: { kind: 'elsewhere' },
  impossible: { kind: 'impossible', missing: 'storage' },
  failed: {
    kind: 'failed',
    error: { code: 'machine-crashed', message: 'CPU halted at 0x1234' },
  },
};

const place = document.querySelector<HTMLElement>('#panel');
if (!place) throw new Error('the page has no panel');
const lang: Language = document.documentElement.lang === 'en' ? 'en' : 'pt-BR';
place.style.setProperty('--wb-height', '100%');
place.style.setProperty('height', '100vh');

const asked = location.hash.slice(1);
const bench = fakeWorkbench(STATES[asked] ?? { kind: 'off' });
bench.answer(WRONG);
const mounted = mountBench(
  place,
  {
    lang,
    ...(asked !== 'playground' && { lab: LAB }),
    next: [{ kind: 'lab', slug: 'nodejs', title: words('Node.js sem npm', 'Node.js without npm') }],
  },
  bench,
  {
    ...{ mountEditor, mountTerminal, mountDiff },
    address: (page: Page) => pathOf(lang, page),
    previews: new URL('preview/', location.href.replace(/[?#].*/, '')).href,
  },
);
Object.assign(globalThis, { bench, mounted, WRONG, RIGHT, BROKEN });
