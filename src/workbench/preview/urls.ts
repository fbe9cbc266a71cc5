import type { PreviewPlace } from '../../preview/address.ts';

/** Where the site has previews, and what makes them. */
export interface PreviewUrls {
  readonly place: PreviewPlace;
  /** The service worker's script. */
  readonly worker: string;
  /** The script that runs in a page before its own. */
  readonly pageScript: string;
}

/** `folder`: an absolute URL that ends with `/preview/`. The scripts are beside it. */
export function previewUrls(folder: string): PreviewUrls {
  const { origin, pathname, href } = new URL(folder);
  return {
    place: { origin, folder: pathname },
    worker: new URL('../preview-worker.js', href).href,
    pageScript: new URL('../preview-page.js', href).href,
  };
}
