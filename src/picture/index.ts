/**
 * The pictures of images: a stack of layers, a history, two histories beside each other. Plain models
 * and strings of HTML and SVG, the same while the site is built and in the page. Nothing here knows a
 * document but client.ts and export.ts, and nothing knows where models come from.
 */
export { type DiffModel, type DiffRow, type DiffSide, diffImages, diffListings } from './diff.ts';
export { historyDiffHtml, type PictureOptions } from './diff-html.ts';
export { historyDiffSvg } from './diff-svg.ts';
export {
  type Listing,
  listingFromImage,
  listingFromRecord,
  type ListingRow,
  type RecordedListing,
  type RowFile,
} from './listing.ts';
export type { Colours } from './colours.ts';
export { layerStackHtml } from './stack-html.ts';
export { layerStackSvg } from './stack-svg.ts';
export { type StackLayer, type StackModel, stackOfImage } from './stack.ts';
export { historyTableHtml } from './table-html.ts';
