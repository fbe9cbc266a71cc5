import { defineHastPlugin, defineMdastPlugin } from 'satteri';
import { anchorOf } from './anchors.ts';
import { parseCommand } from './commands.ts';
import { textOf } from './mdx.ts';

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

/** A column of numbers is one by its class: a style attribute is what the Content-Security-Policy forbids. */
export const tableClasses = defineHastPlugin({
  name: 'table-classes',
  element: {
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
});
