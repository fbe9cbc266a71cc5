import { type GuestAddress, type PreviewPlace, previewPath } from './address.ts';
import type { Header } from './http/headers.ts';
import { escaped } from './page/html.ts';
import type { Problem } from './problem.ts';

/**
 * How a page of a learner's server is kept from the workshop, whose origin it comes from: its document
 * is sandboxed by its own answer, so that its origin is nobody's. It has no storage, no cookies and no
 * frame but its own that it could look into, and may load nothing that is not in it already, but for
 * the one script of ours that asks the workbench on its behalf.
 */
export function policyOf({
  place,
  pageScript,
}: {
  readonly place: PreviewPlace;
  readonly pageScript: string;
}): readonly Header[] {
  const inline = 'data: blob:';
  const policy = [
    // Not allow-same-origin, which would undo it; nor popups, downloads, or the tab's own address.
    'sandbox allow-scripts allow-forms',
    "default-src 'none'",
    `script-src 'unsafe-inline' 'unsafe-eval' ${inline} ${pageScript}`,
    `style-src 'unsafe-inline' ${inline}`,
    `img-src ${inline}`,
    `font-src ${inline}`,
    `media-src ${inline}`,
    `connect-src ${inline}`,
    `worker-src ${inline}`,
    `child-src ${inline}`,
    `form-action ${place.origin}${place.folder}`,
    `base-uri ${place.origin}${place.folder}`,
    "frame-ancestors 'self'",
  ];
  return [
    ['Content-Security-Policy', policy.join('; ')],
    ['Referrer-Policy', 'no-referrer'],
    ['Cache-Control', 'no-store'],
  ];
}

/** What our script in a page is told. */
export interface PageSetup {
  readonly place: PreviewPlace;
  readonly address: GuestAddress;
  /** As `document.cookie` shows them. */
  readonly cookies: string;
  readonly lang: string;
  /** The page says why there is none. */
  readonly problem?: Problem;
}

/** The HTML of the script that runs before anything of the page. */
export function firstOf({ pageScript }: { readonly pageScript: string }, setup: PageSetup): string {
  const { place, address } = setup;
  const about = { ...setup, path: previewPath(place, address) };
  return `<script src="${escaped(pageScript)}" data-setup="${escaped(JSON.stringify(about))}"></script>`;
}
