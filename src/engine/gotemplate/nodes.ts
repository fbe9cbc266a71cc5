/** The tree of a parsed template. `position` is the offset in its text, for error messages. */
export type Node = TextNode | ActionNode | BranchNode | LoopControlNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

export interface BranchNode {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipe: PipeNode;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[] | undefined;
}

export interface LoopControlNode {
  readonly kind: 'break' | 'continue';
}

export interface PipeNode {
  readonly kind: 'pipe';
  readonly position: number;
  /** `=` and not `:=`. */
  readonly assigns: boolean;
  /** Names with their `$`. */
  readonly variables: readonly string[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode {
  readonly position: number;
  readonly args: readonly [Operand, ...Operand[]];
}

export type Operand =
  | PipeNode
  | { readonly kind: 'dot' | 'nil'; readonly position: number }
  | { readonly kind: 'bool'; readonly value: boolean; readonly position: number }
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly text: string;
      readonly position: number;
    }
  | {
      readonly kind: 'string';
      readonly value: string;
      readonly text: string;
      readonly position: number;
    }
  | { readonly kind: 'function'; readonly name: string; readonly position: number }
  /** `.a.b`: the names. */
  | { readonly kind: 'field'; readonly path: readonly string[]; readonly position: number }
  /** `$x.a.b`: `name` is `$x`. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly path: readonly string[];
      readonly position: number;
    }
  /** `(…).a.b` */
  | {
      readonly kind: 'chain';
      readonly base: Operand;
      readonly path: readonly string[];
      readonly position: number;
    };

/** A node as Go writes it back, for error messages. */
export function show(node: Operand | CommandNode): string {
  if (!('kind' in node)) {
    return node.args.map((arg) => (arg.kind === 'pipe' ? `(${show(arg)})` : show(arg))).join(' ');
  }
  switch (node.kind) {
    case 'pipe': {
      const names = node.variables.join(', ');
      const head = names === '' ? '' : `${names} ${node.assigns ? '=' : ':='} `;
      return head + node.commands.map(show).join(' | ');
    }
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
    case 'string':
      return node.text;
    case 'function':
      return node.name;
    case 'field':
      return dotted(node.path);
    case 'variable':
      return node.name + dotted(node.path);
    case 'chain':
      return (
        (node.base.kind === 'pipe' ? `(${show(node.base)})` : show(node.base)) + dotted(node.path)
      );
  }
}

function dotted(path: readonly string[]): string {
  return path.map((name) => `.${name}`).join('');
}
