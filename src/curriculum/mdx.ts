import { type MdastNode, mdxToMdast } from 'satteri';
import { anchorOf } from './anchors.ts';
import { type Literal, parseLiteral } from './literal.ts';

/** What is in a lesson's file, each part with its line, in the order of the file. */
export interface MdxText {
  readonly elements: readonly MdxElement[];
  readonly fences: readonly Fence[];
  readonly headings: readonly Heading[];
  readonly links: readonly { readonly url: string; readonly line: number }[];
  /** Words to read: code and what components fetch are not among them. */
  readonly words: number;
  /** Code where words are expected: `{expression}`, `import`. */
  readonly code: readonly { readonly text: string; readonly line: number }[];
}

/** A component in the text. */
export interface MdxElement {
  readonly name: string;
  /** Undefined where the value is no literal. */
  readonly props: ReadonlyMap<string, Literal | undefined>;
  readonly line: number;
  /** The components right below it. */
  readonly children: readonly string[];
}

export interface Fence {
  readonly lang: string;
  readonly meta: string;
  readonly text: string;
  readonly line: number;
}

export interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly anchor: string;
  readonly line: number;
}

/** Reads MDX with its frontmatter. Throws the parser's Error, whose message begins with line and column. */
export function parseMdx(text: string): MdxText {
  const found = {
    ...{ elements: [] as MdxElement[], fences: [] as Fence[], headings: [] as Heading[] },
    links: [] as { url: string; line: number }[],
    code: [] as { text: string; line: number }[],
    words: 0,
  };
  const visit = (node: MdastNode): void => {
    const line = node.position?.start.line ?? 1;
    switch (node.type) {
      case 'mdxJsxFlowElement':
      case 'mdxJsxTextElement':
        found.elements.push({
          ...{ name: node.name ?? '', props: propsOf(node.attributes), line },
          children: node.children.flatMap((child) =>
            'name' in child && typeof child.name === 'string' ? [child.name] : [],
          ),
        });
        break;
      case 'code':
        found.fences.push({
          ...{ lang: node.lang ?? '', meta: node.meta ?? '', text: node.value, line },
        });
        return;
      case 'heading': {
        const title = textOf(node);
        found.headings.push({ depth: node.depth, text: title, anchor: anchorOf(title), line });
        break;
      }
      case 'link':
        found.links.push({ url: node.url, line });
        break;
      case 'mdxFlowExpression':
      case 'mdxTextExpression':
      case 'mdxjsEsm':
        // Prettier writes a space that it must not lose as {' '}.
        if (!/^(?:' '|" ")$/.test(node.value.trim())) found.code.push({ text: node.value, line });
        return;
      case 'text':
      case 'inlineCode':
        found.words += node.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
        return;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(mdxToMdast(text));
  return found;
}

/** A node's words, without what marks them. */
export function textOf(node: MdastNode): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  return childrenOf(node).map(textOf).join('');
}

function childrenOf(node: MdastNode): readonly MdastNode[] {
  return 'children' in node ? (node.children as readonly MdastNode[]) : [];
}

type Attributes = Extract<MdastNode, { type: 'mdxJsxFlowElement' }>['attributes'];

function propsOf(attributes: Attributes): ReadonlyMap<string, Literal | undefined> {
  const props = new Map<string, Literal | undefined>();
  for (const attribute of attributes) {
    if (attribute.type !== 'mdxJsxAttribute') {
      props.set('{…}', undefined);
      continue;
    }
    const { name, value } = attribute;
    if (value === null || value === undefined) props.set(name, true);
    else props.set(name, typeof value === 'string' ? value : parseLiteral(value.value));
  }
  return props;
}
