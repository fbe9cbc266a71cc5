import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { layerAt } from './layers.ts';
import { findTools, type FoundTool } from './tools.ts';

/**
 * No shell by name or content (a renamed busybox is one; a script for a shell is none), nor, unless
 * `packageManagers` is false, apt, dpkg, apk, pip and their like. With `everyLayer`, not in lower layers
 * either: a shell that a later layer deletes cannot be run, but it is still delivered.
 */
export async function noShell(
  image: Image,
  options: { readonly everyLayer?: boolean; readonly packageManagers?: boolean } = {},
): Promise<Verdict> {
  const managers = options.packageManagers !== false;
  const found = (await findTools(image)).filter(
    ({ kind, visible }) =>
      (visible || options.everyLayer === true) && (managers || kind === 'shell'),
  );
  const expected = managers
    ? words('nenhum shell e nenhum gerenciador de pacotes', 'no shell and no package manager')
    : words('nenhum shell', 'no shell');
  // What can be run is worse than what cannot, and a shell than a package manager.
  const [first] = found.toSorted((a, b) => rank(a) - rank(b));
  if (!first) return pass(expected);
  return fail({
    expected,
    found: describe(first, found.length - 1),
    where: { path: first.path, layer: layerAt(image, first.layer) },
  });
}

const rank = ({ visible, kind, by }: FoundTool): number =>
  (visible ? 0 : 4) + (kind === 'shell' ? 0 : 2) + (by === 'content' ? 0 : 1);

function describe({ path, what, by, visible, kind }: FoundTool, more: number): Words {
  const is = path.endsWith(`/${what}`)
    ? words(`\`${path}\``, `\`${path}\``)
    : by === 'content' && what !== 'pip'
      ? words(`\`${path}\` é ${what}, com outro nome`, `\`${path}\` is ${what} under another name`)
      : words(`\`${path}\` (${what})`, `\`${path}\` (${what})`);
  const sort =
    kind === 'shell'
      ? words('um shell', 'a shell')
      : words('um gerenciador de pacotes', 'a package manager');
  const hidden = visible
    ? words('', '')
    : words(
        ', apagado por uma camada acima mas ainda na imagem',
        ', deleted by a layer above but still in the image',
      );
  const rest = more > 0 ? words(`, e mais ${more}`, `, and ${more} more`) : words('', '');
  return words(
    `${sort['pt-BR']}: ${is['pt-BR']}${hidden['pt-BR']}${rest['pt-BR']}`,
    `${sort.en}: ${is.en}${hidden.en}${rest.en}`,
  );
}
