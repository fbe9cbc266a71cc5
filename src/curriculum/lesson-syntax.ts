import { defineHastPlugin, defineMdastPlugin, type HastNode } from 'satteri';
import { anchorOf } from './anchors.ts';
import { parseCommand } from './commands.ts';
import { textOf } from './mdx.ts';

type Element = Extract<HastNode, { readonly type: 'element' }>;

const attribute = (name: string, value: string) =>
  ({ type: 'mdxJsxAttribute', name, value }) as const;

/** A fence ```` ```sh run ```` is a `<Command>`, which has the button; a heading has the id that links name. */
export const lessonSyntax = defineMdastPlugin({
  name: 'lesson-syntax',
  code(node, context) {
    const command = parseCommand({
      ...{ lang: node.lang ?? '', meta: node.meta ?? '', text: node.value },
      line: node.position?.start.line ?? 1,
    });
    if (typeof command !== 'object') return;
    context.replaceNode(node, {
      ...{ type: 'mdxJsxFlowElement', name: 'Command', children: [] },
      attributes: [attribute('script', command.script), attribute('where', command.where)],
    });
  },
  heading(node, context) {
    context.setProperty(node, 'data', { hProperties: { id: anchorOf(textOf(node)) } });
  },
});

/**
 * A column of numbers is one by its class: a style attribute is what the Content-Security-Policy forbids.
 * A table of the running text scrolls in a box of its own, which a keyboard reaches; one in a component
 * has the component's.
 */
export const tables = defineHastPlugin({
  name: 'tables',
  element: [
    {
      filter: ['th', 'td'],
      visit(node, context) {
        const { style, align } = node.properties;
        if (style === undefined && align === undefined) return;
        const right = `${String(style)} ${String(align)}`.includes('right');
        context.setProperty(node, 'style', undefined);
        context.setProperty(node, 'align', undefined);
        if (right) context.setProperty(node, 'class', 'num');
      },
    },
    {
      filter: ['table'],
      visit(node, context) {
        if (context.parent(node).type !== 'root') return;
        const headings = cellsOf(node).map((cell) => context.textContent(cell).trim());
        context.wrapNode(node, {
          ...{ type: 'element', tagName: 'div', children: [] },
          properties: {
            ...{ class: 'table', role: 'region', tabindex: '0' },
            'aria-label': headings.filter((text) => text !== '').join(', '),
          },
        });
      },
    },
  ],
});

/** Those of a table's first row, which Markdown makes its head. */
function cellsOf(table: Readonly<Element>): readonly Readonly<Element>[] {
  const [row] = elementsIn(table).flatMap((head) => elementsIn(head));
  return row === undefined ? [] : elementsIn(row);
}

function elementsIn(parent: Readonly<Element>): readonly Readonly<Element>[] {
  return parent.children.filter((child) => child.type === 'element');
}
