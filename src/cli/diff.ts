import { compareImages } from '../engine/diff/compare.ts';
import type {
  ConfigChange,
  FileChange,
  HistoryChange,
  HistoryRow,
  ImageDiff,
  ImageSide,
  LayerChange,
  PackageChanges,
} from '../engine/diff/model.ts';
import { humanSize } from '../engine/format/size.ts';
import { EngineError } from '../engine/errors.ts';
import { openEngine } from './engine-home.ts';
import { parseImageArguments } from './image-arguments.ts';
import type { Output } from './output.ts';
import { pullMissing } from './ready-images.ts';

export const diffHelp = `Usage:  semdistro diff [OPTIONS] IMAGE IMAGE

What changed between two images: history, layers, files, configuration, packages, wasted bytes.
The exit code is 0 when they are the same, 1 when they differ, 2 when they could not be compared.

Options:
      --json   The whole comparison as JSON, sizes in bytes
      --all    Every file; without it, the largest twenty of each kind

Examples:
  semdistro diff app:1.0 app:2.0
  semdistro diff python:3.13-slim-trixie gcr.io/distroless/python3-debian13
  semdistro diff --json app:1.0 app:2.0 | jq .config
`;

/** `semdistro diff A B`. */
export async function diff(args: readonly string[], output: Output): Promise<number> {
  const parsed = parseImageArguments('diff', args, { images: 2, help: diffHelp }, output);
  if (typeof parsed === 'number') return parsed;
  const [from = '', to = ''] = parsed.images;
  let report;
  try {
    const engine = await openEngine();
    await pullMissing(engine, parsed.images, output);
    report = await compareImages(engine, from, to);
  } catch (error) {
    // 1 would say that they differ.
    if (!(error instanceof EngineError)) throw error;
    const { code, message, hint } = error;
    throw new EngineError(code, message, {
      exitCode: 2,
      cause: error,
      ...(hint !== undefined && { hint }),
    });
  }
  output.stdout.write(
    parsed.json ? `${JSON.stringify(report, undefined, 2)}\n` : render(report, parsed.all),
  );
  return report.identical ? 0 : 1;
}

/** The comparison as text, one section per kind of change; sections without a change are left out. */
export function render(report: ImageDiff, all: boolean): string {
  const { from, to } = report;
  const head = [
    `- ${describe(from)}`,
    `+ ${describe(to)}`,
    report.identical ? 'No differences.' : `  ${signed(to.size - from.size)} in all`,
  ];
  const sections = [
    section('History', report.history.filter(({ kind }) => kind !== 'same').flatMap(historyLines)),
    section('Layers', report.identical ? [] : layerLines(report.layers)),
    section('Configuration', report.config.flatMap(configLines)),
    section('Packages', packageLines(report.packages)),
    section('Files added', fileLines('+', report.files.added, all)),
    section('Files removed', fileLines('-', report.files.removed, all)),
    section('Files changed', fileLines('~', report.files.changed, all)),
    section('Hidden by a later layer', hiddenChanges(from, to)),
  ];
  return [...head, ...sections.flat()].join('\n') + '\n';
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function describe({ name, id, platform, size, wasted }: ImageSide): string {
  const waste = wasted > 0 ? `, of it ${humanSize(wasted)} hidden` : '';
  return `${name}  ${id.slice(7, 19)}  ${platform}  ${humanSize(size)}${waste}`;
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${humanSize(Math.abs(bytes))}`;
}

function historyLines(change: HistoryChange): readonly string[] {
  const lines: string[] = [];
  if (change.kind !== 'added') lines.push(`- ${rowText(change.from)}`);
  if (change.kind !== 'removed') lines.push(`+ ${rowText(change.to)}`);
  return lines;
}

function rowText({ createdBy, size, line }: HistoryRow): string {
  const where = line === undefined ? '' : `  (line ${line})`;
  return `${humanSize(size).padStart(7)}  ${oneLine(createdBy)}${where}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function layerLines(layers: readonly LayerChange[]): readonly string[] {
  return (['shared', 'removed', 'added'] as const).flatMap((kind) => {
    const some = layers.filter((layer) => layer.kind === kind);
    const bytes = some.reduce((sum, { size }) => sum + size, 0);
    return some.length === 0 ? [] : [`${kind.padEnd(7)} ${some.length}  ${humanSize(bytes)}`];
  });
}

function configLines({ field, from, to }: ConfigChange): readonly string[] {
  return [
    ...(from === undefined ? [] : [`- ${field}=${from}`]),
    ...(to === undefined ? [] : [`+ ${field}=${to}`]),
  ];
}

function packageLines({ added, removed, changed }: PackageChanges): readonly string[] {
  return [
    ...removed.map((one) => `- ${one.name} ${one.version}  ${one.manager}`),
    ...added.map((one) => `+ ${one.name} ${one.version}  ${one.manager}`),
    ...changed.map(
      ({ from, to }) => `~ ${from.name} ${from.version} -> ${to.version}  ${from.manager}`,
    ),
  ];
}

const MOST = 20;

function fileLines(sign: string, files: readonly FileChange[], all: boolean): readonly string[] {
  const bytes = (file: FileChange): number => (file.to ?? file.from)?.size ?? 0;
  const shown = all ? files : files.toSorted((a, b) => bytes(b) - bytes(a)).slice(0, MOST);
  const lines = shown.map((file) => {
    const what = file.differs.length > 0 ? `  (${file.differs.join(', ')})` : '';
    return `${sign} ${humanSize(bytes(file)).padStart(7)}  /${file.path}${what}`;
  });
  const rest = files.length - shown.length;
  return rest > 0 ? [...lines, `… and ${rest} more (--all shows them)`] : lines;
}

/** Nothing when both sides hide the same: their heads say how much. */
function hiddenChanges(from: ImageSide, to: ImageSide): readonly string[] {
  if (JSON.stringify(from.shadowed) === JSON.stringify(to.shadowed)) return [];
  return [...hiddenLines('-', from), ...hiddenLines('+', to)];
}

function hiddenLines(sign: string, { shadowed, wasted }: ImageSide): readonly string[] {
  if (shadowed.length === 0) return [];
  const shown = shadowed.toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST);
  return [
    `${sign} ${humanSize(wasted)} in ${shadowed.length} ${shadowed.length === 1 ? 'file' : 'files'}`,
    ...shown.map(
      ({ path, bytes, layer, by, how }) =>
        `${sign} ${humanSize(bytes).padStart(7)}  /${path}  (layer ${layer + 1}, ${how} by ${by + 1})`,
    ),
  ];
}
