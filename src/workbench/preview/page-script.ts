import type { PageSetup } from '../../preview/sandbox.ts';
import { asking } from './page/asking.ts';
import { installElements } from './page/elements.ts';
import { installEventSource } from './page/event-source.ts';
import { installFetch } from './page/fetching.ts';
import { installLinks } from './page/links.ts';
import { installStorage } from './page/storage.ts';
import { installXmlHttpRequest } from './page/xml-http-request.ts';

// Runs in a page of a learner's server before anything of its own. The page has no origin, so it can
// ask nobody; what its scripts ask for goes to the workbench as messages. What they do to this script
// they do to themselves: nothing that is kept from them depends on it.

function begin(setup: PageSetup): void {
  const page = asking(setup);
  const { address } = setup;
  page.tell({ kind: 'here', address, failed: setup.problem !== undefined });
  installLinks(page);
  installStorage(page);
  const fetch = installFetch(page);
  installXmlHttpRequest(fetch);
  installEventSource(fetch);
  installElements(page, fetch);

  const tellTitle = (): void => {
    page.tell({ kind: 'title', title: document.title });
  };
  addEventListener('DOMContentLoaded', tellTitle);
  addEventListener('load', tellTitle);
  addEventListener('hashchange', () => {
    page.tell({ kind: 'hash', hash: location.hash });
  });
  addEventListener('message', ({ source, data }) => {
    if (source === parent && data === 'semdistro:alive?') page.tell({ kind: 'alive' });
  });
}

const written = document.currentScript?.dataset['setup'];
document.currentScript?.remove();
if (written !== undefined && parent !== self) begin(JSON.parse(written) as PageSetup); // by the worker
