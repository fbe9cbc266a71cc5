import { type Template, parseTemplate } from '../gotemplate/template.ts';
import { type GoField, type GoStruct, type GoValue, goMap } from '../gotemplate/value.ts';
import { alignColumns } from './columns.ts';
import { templateError } from './template-error.ts';

/** A list as Docker's formatter prints one: what a row has, what a title is, what is shown by default. */
export interface Listing {
  /** `*formatter.imageContext`, for error messages. */
  readonly type: string;
  /** Titles of the fields, for `table`. */
  readonly titles: Readonly<Record<string, string>>;
  /** Template of the table without `--format`; the word `table` is not in it. */
  readonly table: string;
  /** Template of `--quiet`. */
  readonly quiet?: string;
}

/** Fields of a row, computed when they are asked for; a `method` is called with one string. */
export type Row = Readonly<Record<string, (() => GoValue) | RowMethod>>;

export interface RowMethod {
  readonly method: (argument: string) => GoValue;
}

/**
 * Prints rows by `--format`: nothing or `table` is the default table, `table TEMPLATE`, `json`, or
 * a template for each row. Errors: EngineError `template-invalid`, `template-failed`, worded as Docker words them.
 */
export function formatListing(
  listing: Listing,
  rows: Iterable<Row>,
  options: { readonly format?: string | undefined; readonly quiet?: boolean } = {},
): string {
  const { format, isTable } = chosenFormat(listing, options);
  const template = templateError(() => parseTemplate(format));
  let body = '';
  for (const row of rows) {
    body += `${templateError(() => template.render(rowStruct(listing.type, row)))}\n`;
  }
  return isTable ? alignColumns(`${header(template, listing)}\n${body}`) : body;
}

function chosenFormat(
  listing: Listing,
  options: { readonly format?: string | undefined; readonly quiet?: boolean },
): { readonly format: string; readonly isTable: boolean } {
  const given = options.format ?? '';
  const plain = given === '' || given === 'table';
  if (plain && options.quiet === true && listing.quiet !== undefined) {
    return { format: listing.quiet, isTable: false };
  }
  if (plain) return { format: listing.table, isTable: true };
  if (given === 'json') return { format: '{{json .}}', isTable: false };
  const isTable = given.startsWith('table');
  const body = isTable ? given.slice('table'.length) : given;
  return {
    format: body
      .replace(/^ +| +$/g, '')
      .replaceAll('\\t', '\t')
      .replaceAll('\\n', '\n'),
    isTable,
  };
}

function header(template: Template, listing: Listing): string {
  // The only method there is shows the last word of a label's name.
  const methods = new Map([['Label', labelTitle]]);
  const titles = { ...goMap(listing.titles), methods };
  return templateError(() => template.render(titles, { header: true }));
}

function labelTitle(name: string): string {
  return (name.split('.').at(-1) ?? '').replaceAll(/[-_]/g, ' ');
}

/** A row as templates see it. `type` is for error messages. */
export function rowStruct(type: string, row: Row): GoStruct {
  const fields = new Map<string, GoField>();
  const methods = new Map<string, RowMethod['method']>();
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'function') fields.set(name, { value });
    else methods.set(name, value.method);
  }
  return { kind: 'struct', type, fields, context: true, methods };
}
